package dev.sinq4j.engine;

import dev.sinq4j.weight.Weight;

/** Gives the head a form of its own; the stored one stays beside it. */
@FunctionalInterface
public interface HeadWeight {

    /**
     * @param stored (vocabulary, hidden), as the model's files hold it: the embedding where the model is tied
     * @return the weight to compute with; its memory is its own
     */
    Weight weight(Weight stored);
}
