package dev.sinq4j.experiment;

import dev.sinq4j.checkpoint.LayerStream;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.Calibration;
import dev.sinq4j.quant.Quantized;
import dev.sinq4j.quant.Quantizer;

/** The walk through a model whose quantizer is told what each layer is given on a calibration text. */
public final class CalibratedLayers {

    private CalibratedLayers() {}

    /** @param backend the model runs on it */
    public static LayerStream of(Calibration calibration, Quantizer quantizer, Backend backend) {
        return (source, finished) -> calibration.visit(
                source,
                (linear, stored, inputs) -> {
                    Quantized layer =
                            quantizer.quantize(LayerStream.requireDense(source, linear, stored), inputs.orElse(null));
                    finished.accept(linear, layer);
                    return layer.weight();
                },
                backend);
    }
}
