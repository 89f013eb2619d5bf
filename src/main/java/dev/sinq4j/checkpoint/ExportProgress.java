package dev.sinq4j.checkpoint;

import dev.sinq4j.model.architecture.LinearId;
import dev.sinq4j.quant.Quantized;

/** Hears of every layer as soon as it is quantized and written. */
public interface ExportProgress {

    /** Nobody listens. */
    ExportProgress NONE = (id, layer, done, total) -> {};

    /**
     * @param layer with the warnings the method has
     * @param done  layers so far, this one included
     * @param total layers of the model
     */
    void quantized(LinearId id, Quantized layer, int done, int total);
}
