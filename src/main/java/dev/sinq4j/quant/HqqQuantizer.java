package dev.sinq4j.quant;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.kernel.TileKernels;
import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.Hqq;
import dev.sinq4j.method.Tiling;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.ColumnScale;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Half-quadratic quantization as its own library computes it on a CPU: fp32 throughout, groups along the input (axis 1).
 *
 * <pre>
 *   s' = (2^bits - 1) * (1 / (max - min)), 1 where max - min is at most 1e-4, at most 2e4
 *   zero = -min s', rounded at 4 bits
 *   at most 20 times, until the mean |w - r| over the layer does not fall: TileKernels.hqqStep
 *   code = clamp(round(w s' + zero)) with the zero of the last step;  scale = 1 / s'
 * </pre>
 *
 * The mean is summed in fp64. {@code aux: fp16} rounds scale and zero when they are stored. A last group of fewer columns is
 * allowed, which the library refuses.
 *
 * <p>Source: HQQ library 0.2.8.post1, {@code Quantizer.quantize} and {@code optimize_weights_proximal_legacy}.
 */
final class HqqQuantizer implements Quantizer {

    private static final int ITERATIONS = 20;
    private static final float FLAT_RANGE = 1e-4f;
    private static final float MAX_INVERSE_SCALE = 2e4f;

    private final Hqq method;
    private final TileKernels kernels;

    HqqQuantizer(Hqq method, TileKernels kernels) {
        this.method = method;
        this.kernels = kernels;
    }

    /** One group's slab of columns while it is refined. */
    private record Slab(Tile tile, float[] inverseScale, TileCodes codes) {}

    @Override
    public Quantized quantize(Tensor weight, @Nullable Inputs inputs) {
        WeightSource source = new WeightSource(weight, false, kernels);
        TileGrid grid = new TileGrid(source.rows(), source.columns(), method.group(), Tiling.ONE_D);
        LayerReport report = new LayerReport(weight.name(), grid.count());
        List<Slab> slabs = IntStream.range(0, grid.count())
                .parallel()
                .mapToObj(t -> start(source.tile(grid.place(t))))
                .toList();
        report.note("hqq_steps", refine(slabs, (long) source.rows() * source.columns()));
        Layer layer = new Layer(grid);
        IntStream.range(0, grid.count()).parallel().forEach(t -> {
            finish(slabs.get(t));
            layer.put(grid.place(t), slabs.get(t).codes());
            report.rounded(t, slabs.get(t).codes());
        });
        if (method.aux() == AuxPrecision.FP16) requireHalf(weight, layer.zero);
        return report.of(layer.packed(method.bits(), method.aux(), new ColumnScale.None()), layer);
    }

    private int maxCode() {
        return (1 << method.bits()) - 1;
    }

    private Slab start(Tile tile) {
        float[] least = new float[tile.rows()];
        float[] most = new float[tile.rows()];
        kernels.ranges(tile.values(), tile.rows(), tile.columns(), least, most);
        Slab slab = new Slab(tile, new float[tile.rows()], new TileCodes(tile.rows(), tile.columns()));
        for (int row = 0; row < tile.rows(); row++) {
            float range = most[row] - least[row];
            if (range <= FLAT_RANGE && range > 0) slab.codes().flatRows++;
            float inverse = range <= FLAT_RANGE ? 1 : Math.min(maxCode() * (1 / range), MAX_INVERSE_SCALE);
            float zero = -least[row] * inverse;
            slab.inverseScale()[row] = inverse;
            slab.codes().zero[row] = method.bits() == 4 ? (float) Math.rint(zero) : zero;
        }
        return slab;
    }

    /** The number of steps taken. */
    private int refine(List<Slab> slabs, long elements) {
        float best = Float.POSITIVE_INFINITY;
        for (int step = 1; step <= ITERATIONS; step++) {
            double[] sums = new double[slabs.size()];
            IntStream.range(0, sums.length).parallel().forEach(t -> {
                Slab slab = slabs.get(t);
                sums[t] = step(slab);
            });
            double sum = 0;
            for (double part : sums) sum += part;
            float error = (float) (sum / elements);
            if (!(error < best)) return step;
            best = error;
        }
        return ITERATIONS;
    }

    private double step(Slab slab) {
        Tile tile = slab.tile();
        return kernels.hqqStep(
                tile.values(), tile.rows(), tile.columns(), slab.inverseScale(), slab.codes().zero, maxCode());
    }

    private void finish(Slab slab) {
        Tile tile = slab.tile();
        TileCodes codes = slab.codes();
        kernels.scaleToCodes(
                tile.values(), tile.rows(), tile.columns(), slab.inverseScale(), codes.zero, maxCode(), codes.codes);
        for (int row = 0; row < slab.inverseScale().length; row++) codes.scale[row] = 1 / slab.inverseScale()[row];
    }

    private static void requireHalf(Tensor weight, float[] zeros) {
        for (float zero : zeros) {
            if (Float.isInfinite(Half.round(zero)))
                throw new UnavailableFailure(
                        "tensor '" + weight.name() + "': a zero of " + zero + " does not fit fp16; write aux: fp32");
        }
    }
}
