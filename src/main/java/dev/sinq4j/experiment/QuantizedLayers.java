package dev.sinq4j.experiment;

import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.quant.Inputs;
import dev.sinq4j.quant.Quantized;
import dev.sinq4j.quant.Quantizer;
import dev.sinq4j.quant.ReconstructionError;
import dev.sinq4j.results.Metrics.Layer;
import dev.sinq4j.results.Metrics.Quantization;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Quantizes each matrix when the engine asks for it and keeps time, errors and warnings. The first is quantized untimed before. */
final class QuantizedLayers {

    private static final long WARM_UP_NANOS = 500_000_000;

    private final Quantizer quantizer;
    private final Consumer<Linear> finished;
    private final List<Layer> layers = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private double quantizing;
    private double comparing;
    private long parameters;
    private double squaredError;
    private double squaredNorm;

    /** @param finished told of each matrix when it is done */
    QuantizedLayers(Quantizer quantizer, Consumer<Linear> finished) {
        this.quantizer = quantizer;
        this.finished = finished;
    }

    /** Quantizes one matrix; what is quantized already stays as it is. */
    Weight weight(Linear linear, Weight stored, @Nullable Inputs inputs) {
        if (!(stored instanceof DenseWeight dense)) return stored;
        if (inputs == null && layers.isEmpty()) warmUp(dense);
        long start = System.nanoTime();
        Quantized result = quantizer.quantize(dense.tensor(), inputs);
        long middle = System.nanoTime();
        record(linear, ReconstructionError.of(dense.tensor(), result.weight()), result);
        quantizing += (middle - start) / 1e9;
        comparing += (System.nanoTime() - middle) / 1e9;
        finished.accept(linear);
        return result.weight();
    }

    /** Lets the JVM compile the method before its time counts, which on a small model it would fill. */
    private void warmUp(DenseWeight first) {
        long end = System.nanoTime() + WARM_UP_NANOS;
        do quantizer.quantize(first.tensor(), null);
        while (System.nanoTime() < end);
    }

    private void record(Linear linear, ReconstructionError error, Quantized result) {
        parameters += linear.elements();
        squaredError += error.squaredError();
        squaredNorm += error.squaredNorm();
        warnings.addAll(result.warnings());
        layers.add(new Layer(
                linear.tensor(),
                linear.id().layer(),
                linear.id().role().name().toLowerCase(Locale.ROOT),
                linear.rows(),
                linear.columns(),
                error.mse(),
                error.relative(),
                result.weight().storedBytes(),
                result.notes().isEmpty() ? null : result.notes()));
    }

    /** Wall time inside the quantizer so far. */
    double quantizingSeconds() {
        return quantizing;
    }

    /** Wall time spent on measuring errors so far, which is no part of quantizing. */
    double comparingSeconds() {
        return comparing;
    }

    /**
     * Everything quantized so far.
     *
     * @param seconds what quantizing took, recording of inputs included
     */
    Quantization summary(double seconds) {
        return new Quantization(
                seconds,
                parameters,
                squaredError / parameters,
                Math.sqrt(squaredError / squaredNorm),
                List.copyOf(layers),
                warnings.isEmpty() ? null : List.copyOf(warnings));
    }
}
