package dev.sinq4j.engine;

import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.weight.Weight;

/** Decides in which form each quantizable matrix is computed with. Asked once a matrix, layer by layer, in the order of use. */
@FunctionalInterface
public interface LinearWeights {

    /** Every matrix as it is stored. */
    LinearWeights STORED = (linear, stored) -> stored;

    /**
     * @param linear which matrix; quantizable
     * @param stored as the model's files hold it; may be gone after the call unless it is what is returned
     * @return the weight to compute with; if dense, its memory must outlive the model
     */
    Weight weight(Linear linear, Weight stored);
}
