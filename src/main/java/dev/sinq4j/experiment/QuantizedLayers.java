package dev.sinq4j.experiment;

import dev.sinq4j.checkpoint.QuantizedLayerCache.CachedLayer;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.quant.Inputs;
import dev.sinq4j.quant.Quantized;
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

/**
 * Quantizes each matrix when the engine asks for it, or finds it in the cache, and keeps time, errors and warnings. Seconds are
 * those of computing; storing, finding and reading layers are counted apart.
 */
final class QuantizedLayers {

    private final LayerSource source;
    private final Consumer<Linear> finished;
    private final List<Layer> layers = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private double quantizing;
    private double elapsed;
    private double loading;
    private int cached;
    private long parameters;
    private double squaredError;
    private double squaredNorm;

    /** @param finished told of each matrix when it is done */
    QuantizedLayers(LayerSource source, Consumer<Linear> finished) {
        this.source = source;
        this.finished = finished;
    }

    /** Quantizes one matrix; what is quantized already stays as it is. */
    Weight weight(Linear linear, Weight stored, @Nullable Inputs inputs) {
        if (!(stored instanceof DenseWeight dense)) return stored;
        long start = System.nanoTime();
        CachedLayer layer = source.layer(dense.tensor(), inputs);
        double seconds = (System.nanoTime() - start) / 1e9;
        quantizing += layer.seconds();
        if (layer.found()) {
            cached++;
            loading += seconds;
        }
        record(linear, ReconstructionError.of(dense.tensor(), layer.layer().weight()), layer);
        elapsed += (System.nanoTime() - start) / 1e9;
        finished.accept(linear);
        return layer.layer().weight();
    }

    private void record(Linear linear, ReconstructionError error, CachedLayer cachedLayer) {
        Quantized result = cachedLayer.layer();
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
                cachedLayer.seconds(),
                cachedLayer.found() ? Boolean.TRUE : null,
                result.notes().isEmpty() ? null : result.notes()));
    }

    /** Everything quantized so far, where all of the time was spent here. */
    Quantization summary() {
        return summary(quantizing);
    }

    /**
     * Everything quantized so far, by a method that runs the model to see the inputs of its layers.
     *
     * @param wall seconds from the first layer to the last, all included
     */
    Quantization summaryWithCalibration(double wall) {
        return summary(wall - elapsed + quantizing);
    }

    private Quantization summary(double seconds) {
        return new Quantization(
                seconds,
                parameters,
                squaredError / parameters,
                Math.sqrt(squaredError / squaredNorm),
                cached == 0 ? null : cached,
                cached == 0 ? null : loading,
                List.copyOf(layers),
                warnings.isEmpty() ? null : List.copyOf(warnings));
    }
}
