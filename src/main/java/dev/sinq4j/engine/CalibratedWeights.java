package dev.sinq4j.engine;

import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.quant.Inputs;
import dev.sinq4j.weight.Weight;
import java.util.Optional;

/** As {@link LinearWeights}, knowing what each matrix was given on a calibration text. */
@FunctionalInterface
public interface CalibratedWeights {

    /**
     * @param linear which matrix; quantizable
     * @param stored as the model's files hold it; may be gone after the call unless it is what is returned
     * @param inputs of all blocks, one after the other; not to be modified, since q, k and v share one. Empty for an expert
     *     no token was sent to
     * @return the weight to compute with; if dense, its memory must outlive the model
     */
    Weight weight(Linear linear, Weight stored, Optional<Inputs> inputs);
}
