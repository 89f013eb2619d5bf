package dev.sinq4j.quant;

import dev.sinq4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** One method at work. Safe to share; each call works on its own memory and may use the threads of the caller's pool. */
public interface Quantizer {

    /**
     * Quantizes the matrix of one linear layer. The result does not depend on the number of threads.
     *
     * @param weight (rows, columns) = (out_features, in_features), F32, F16 or BF16; not modified
     * @param inputs what the layer was given on the calibration text; null where the method needs none
     * @throws dev.sinq4j.failure.UnavailableFailure for a weight that holds NaN, infinity or a number the method cannot
     *     work on, naming the tensor and the place
     * @throws IllegalArgumentException if the method needs inputs and there are none, or they are of another width
     */
    Quantized quantize(Tensor weight, @Nullable Inputs inputs);
}
