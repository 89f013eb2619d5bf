package dev.sinq4j.cli;

import dev.sinq4j.checkpoint.LayerStream;
import dev.sinq4j.checkpoint.QuantizedLayerCache;
import dev.sinq4j.config.MethodConfig.CalibrationConfig;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.Calibration;
import dev.sinq4j.experiment.CalibratedLayers;
import dev.sinq4j.experiment.CalibrationNeeds;
import dev.sinq4j.experiment.Calibrations;
import dev.sinq4j.experiment.HostNeeds;
import dev.sinq4j.experiment.HostPlan;
import dev.sinq4j.experiment.LocatedModel;
import dev.sinq4j.experiment.MemoryCheck;
import dev.sinq4j.hub.ProgramCache;
import dev.sinq4j.method.Dense;
import dev.sinq4j.method.Method;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.quant.Quantizer;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * What quantizing a model is going to take and do.
 *
 * @param calibration token blocks that a method looks at; empty for one that does not
 * @param needs       bytes of the host's memory
 */
record QuantizationWork(Method method, List<int[]> calibration, HostNeeds needs) {

    /**
     * Plans the work.
     *
     * @param calibration  a file, or the name of a known text
     * @param freeOnDevice bytes of the GPU that quantizes; empty where the CPU does
     * @throws dev.sinq4j.failure.UnavailableFailure if it does not fit in memory, or the text is not there
     */
    static QuantizationWork of(
            Method method, String calibration, LocatedModel model, Supplier<OptionalLong> freeOnDevice) {
        List<int[]> blocks = method.needsCalibration() ? blocks(calibration, model) : List.of();
        CalibrationNeeds text = blocks.isEmpty() ? CalibrationNeeds.NONE : CalibrationNeeds.of(blocks);
        Architecture architecture = model.source().architecture();
        HostNeeds needs = HostPlan.toQuantize(architecture, method, text);
        String what = "quantizing " + model.name();
        MemoryCheck.requireToQuantize(what, architecture, method, text, freeOnDevice);
        MemoryCheck.require(what, needs);
        return new QuantizationWork(method, blocks, needs);
    }

    private static List<int[]> blocks(String calibration, LocatedModel model) {
        CalibrationConfig text = new CalibrationConfig(calibration, CalibrationConfig.DEFAULT.tokens(), null);
        return new Calibrations(ProgramCache.folder()).set(text).cut(model.tokenizer()::encode, text.tokens());
    }

    /**
     * The walk through the model.
     *
     * @param anew    quantizes every layer anew and keeps none
     * @param backend opened for each walk and closed after it
     */
    LayerStream layers(boolean anew, Supplier<Backend> backend) {
        if (method instanceof Dense) return LayerStream.stored();
        return (source, finished) -> {
            try (Backend opened = backend.get()) {
                layers(anew, opened).forEach(source, finished);
            }
        };
    }

    private LayerStream layers(boolean anew, Backend backend) {
        Quantizer quantizer = backend.quantizer(method);
        if (!anew)
            quantizer = QuantizedLayerCache.ofUser().computedBy(backend.name()).caching(method, quantizer);
        return calibration.isEmpty()
                ? LayerStream.of(quantizer)
                : CalibratedLayers.of(new Calibration(calibration, method.sequentialCalibration()), quantizer, backend);
    }
}
