package dev.sinq4j.presinq;

import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.method.PreSinq;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.quant.ColumnScales;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.PackedWeight;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Finds one layer's factors: each place where a scale can be moved in turn, beginning with what the places before left. */
record FactorSearch(ModelSource source, PreSinq settings) {

    LayerFactors of(List<Absorbed> places) {
        LayerFactors factors = new LayerFactors();
        for (int pass = 0; pass < settings.repeats(); pass++) for (Absorbed place : places) move(place, factors);
        return factors;
    }

    private void move(Absorbed place, LayerFactors factors) {
        double[] scale = shared(place, columnScale(place, factors));
        for (Linear consumer : place.consumers()) factors.divideColumns(consumer, scale);
        factors.multiplyOutputs(place.producer(), place.outputs(), scale);
    }

    private float[] columnScale(Absorbed place, LayerFactors factors) {
        String names = place.deciding().stream().map(Linear::tensor).collect(Collectors.joining(", "));
        int rows = place.deciding().stream().mapToInt(Linear::rows).reduce(0, Math::addExact);
        // shared, because the tiles are read by several threads
        try (Arena arena = Arena.ofShared()) {
            Map<Linear, Tensor> matrices = new LinkedHashMap<>();
            for (Linear linear : place.deciding()) matrices.put(linear, dense(source, linear, arena));
            return new ColumnScales(settings.tile(), settings.iterations())
                    .of(
                            names,
                            rows,
                            place.columns(),
                            (first, columns, target) -> read(matrices, factors, first, columns, target));
        }
    }

    private static void read(
            Map<Linear, Tensor> matrices, LayerFactors factors, int firstColumn, int columns, float[] target) {
        int at = 0;
        for (Map.Entry<Linear, Tensor> each : matrices.entrySet()) {
            Linear linear = each.getKey();
            for (int row = 0; row < linear.rows(); row++, at += columns) {
                each.getValue().read((long) row * linear.columns() + firstColumn, columns, target, at);
                factors.apply(linear.tensor(), row, firstColumn, target, at, columns);
            }
        }
    }

    /** Columns that read one output of the producer get the geometric mean of their scales. */
    private static double[] shared(Absorbed place, float[] scale) {
        int[] outputs = place.outputs();
        Map<Integer, double[]> logarithms = new LinkedHashMap<>(); // sum, count
        for (int c = 0; c < outputs.length; c++) {
            double[] sum = logarithms.computeIfAbsent(outputs[c], output -> new double[2]);
            sum[0] += Math.log(scale[c]);
            sum[1]++;
        }
        double[] means = new double[outputs.length];
        for (int c = 0; c < outputs.length; c++) {
            double[] sum = logarithms.getOrDefault(outputs[c], new double[2]);
            means[c] = sum[1] == 1 ? scale[c] : Math.exp(sum[0] / sum[1]);
        }
        return means;
    }

    /** @throws UsageFailure if the model is quantized already */
    static Tensor dense(ModelSource source, Linear linear, Arena arena) {
        return switch (source.weight(linear, arena)) {
            case DenseWeight dense -> dense.tensor();
            case PackedWeight _ ->
                throw new UsageFailure(source.description() + ": " + linear.tensor()
                        + " is quantized already; pre-SINQ changes the dense model, before it is quantized");
        };
    }
}
