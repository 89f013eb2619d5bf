package dev.sinq4j.checkpoint;

import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.quant.PassingArrays;
import dev.sinq4j.quant.Quantized;
import dev.sinq4j.quant.Quantizer;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.PackedWeight;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Goes through every matrix that methods may touch, decoder layer by decoder layer, and hands over what became of it. A method
 * that needs a calibration text comes here as a walk of the engine's that quantizes on its way.
 */
@FunctionalInterface
public interface LayerStream {

    /**
     * @param finished takes each matrix once, in any order within a decoder layer; dense memory has to live until the last
     *     matrix of its decoder layer was taken
     */
    void forEach(ModelSource source, BiConsumer<Linear, Quantized> finished);

    /** Every matrix quantized, without looking at inputs. */
    static LayerStream of(Quantizer quantizer) {
        return (source, finished) -> walk(source, (linear, weight) -> {
            Tensor dense = requireDense(source, linear, weight);
            finished.accept(linear, quantizer.quantize(dense, null));
        });
    }

    /** Every matrix as it is stored. */
    static LayerStream stored() {
        return (source, finished) ->
                walk(source, (linear, weight) -> finished.accept(linear, new Quantized(weight, List.of(), Map.of())));
    }

    /**
     * The matrix as numbers.
     *
     * @throws UsageFailure if the model is quantized already
     */
    static Tensor requireDense(ModelSource source, Linear linear, Weight weight) {
        return switch (weight) {
            case DenseWeight dense -> dense.tensor();
            case PackedWeight _ ->
                throw new UsageFailure(source.description() + ": " + linear.tensor()
                        + " is quantized already; quantize the dense model, or write --method none --format dense");
        };
    }

    /** In the order of a checkpoint, so that nothing has to wait for its turn. */
    private static void walk(ModelSource source, BiConsumer<Linear, Weight> visitor) {
        List<Linear> linears = source.architecture().linears().stream()
                .filter(Linear::quantizable)
                .sorted(Comparator.comparing(Linear::tensor, new ModuleOrder()))
                .toList();
        PassingArrays passing = new PassingArrays();
        for (Linear linear : linears) {
            // shared, because quantizers read a weight with several threads
            try (Arena arena = Arena.ofShared()) {
                Weight weight = source.weight(linear, arena);
                visitor.accept(linear, weight);
                if (weight instanceof DenseWeight dense) dense.tensor().release();
            }
            passing.left(linear.elements());
        }
    }
}
