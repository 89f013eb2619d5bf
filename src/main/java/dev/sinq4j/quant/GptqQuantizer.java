package dev.sinq4j.quant;

import dev.sinq4j.kernel.TileKernels;
import dev.sinq4j.method.Gptq;
import dev.sinq4j.method.Tiling;
import dev.sinq4j.quant.hessian.Hessian;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.ColumnScale;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * GPTQ in fp64: the {@link Hessian} of the layer's inputs, {@link GptqRows} along its columns, {@link GridFromZero} as the
 * grid.
 *
 * <p>Where the damped Hessian is not positive definite, damping rises by 0.01 until it reaches 1; then the layer is rounded to
 * nearest. Both are noted, the latter with a warning. A column whose input was always zero becomes zero. Codes are stored in
 * the order of the matrix, whatever the order of rounding.
 *
 * <p>Source: {@code IST-DASLab/gptq}, {@code gptq.py}.
 */
final class GptqQuantizer implements Quantizer {

    private static final int BLOCK = 128;
    private static final double DAMPING_STEP = 0.01;

    private final Gptq method;
    private final int block;

    GptqQuantizer(Gptq method) {
        this(method, BLOCK);
    }

    /** @param block columns between two corrections of all later ones; changes no result */
    GptqQuantizer(Gptq method, int block) {
        this.method = method;
        this.block = block;
    }

    @Override
    public Quantized quantize(Tensor weight, @Nullable Inputs inputs) {
        WeightSource source = new WeightSource(weight, false, TileKernels.fastest());
        if (inputs == null || inputs.columns() != source.columns())
            throw new IllegalArgumentException("GPTQ needs inputs of " + source.columns() + " columns");
        Layer layer = new Layer(new TileGrid(source.rows(), source.columns(), method.group(), Tiling.ONE_D));
        LayerReport report = new LayerReport(weight.name(), 1);
        Hessian hessian = Hessian.of(inputs.values(), inputs.tokens(), inputs.columns());
        int[] order = order(hessian);
        GridFromZero rounding = new GridFromZero(method.bits(), method.aux());
        factor(hessian, order, report)
                .ifPresentOrElse(
                        factor -> new GptqRows(layer, rounding, factor, order, method.staticGroups(), block)
                                .run((row, target) -> alive(source, hessian, row, target)),
                        () -> roundToNearest(source, layer, rounding));
        return report.of(layer.packed(method.bits(), method.aux(), new ColumnScale.None()), layer);
    }

    private int[] order(Hessian hessian) {
        int[] stored = GptqRows.asStored(hessian.size());
        if (!method.actOrder()) return stored;
        return IntStream.of(stored)
                .boxed()
                .sorted(Comparator.comparingDouble(hessian::diagonal).reversed())
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private Optional<double[]> factor(Hessian hessian, int[] order, LayerReport report) {
        int dead =
                (int) IntStream.range(0, hessian.size()).filter(hessian::isDead).count();
        if (dead > 0) report.note("dead_inputs", dead);
        for (int step = 0; ; step++) {
            double damping = method.dampingPercent() + step * DAMPING_STEP;
            if (damping >= 1) break;
            Optional<double[]> factor = hessian.factor(order, damping);
            if (factor.isEmpty()) continue;
            report.note("damping", damping);
            return factor;
        }
        report.note("rounded_to_nearest", true);
        report.warn(
                "the Hessian of its inputs is not positive definite at any damping below 1, so the layer is rounded to"
                        + " nearest; the inputs hold NaN, infinity or numbers of very different size");
        return Optional.empty();
    }

    private static void read(WeightSource source, int row, double[] target) {
        float[] values = source.rows(row, 1).values();
        for (int j = 0; j < values.length; j++) target[j] = values[j];
    }

    /** A row without what no input has ever reached. */
    private static void alive(WeightSource source, Hessian hessian, int row, double[] target) {
        read(source, row, target);
        for (int j = 0; j < target.length; j++) if (hessian.isDead(j)) target[j] = 0;
    }

    private static void roundToNearest(WeightSource source, Layer layer, GridFromZero rounding) {
        int group = layer.grid.group();
        IntStream.range(0, source.rows()).parallel().forEach(row -> {
            double[] weights = new double[source.columns()];
            read(source, row, weights);
            for (int first = 0; first < weights.length; first += group) {
                int at = row * layer.grid.across() + first / group;
                int last = Math.min(weights.length, first + group);
                rounding.fit(weights, first, last - first, layer.scale, layer.zero, at);
                for (int j = first; j < last; j++)
                    layer.codes[row * weights.length + j] =
                            (byte) rounding.code(weights[j], layer.scale[at], layer.zero[at]);
            }
        });
    }
}
