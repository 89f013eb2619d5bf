package dev.sinq4j.quant;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.kernel.InputProducts;
import dev.sinq4j.kernel.TileKernels;
import dev.sinq4j.method.SinqFamily;
import dev.sinq4j.method.SinqFamily.ActivationScale;
import dev.sinq4j.method.SinqFamily.Normalization;
import dev.sinq4j.method.Tiling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A-SINQ's activation scale: the one of twenty candidates under which a quantized layer's output changes least.
 *
 * <pre>
 *   x(j) = mean over tokens |X(., j)|,   w(j) = mean over rows |W(., j)|
 *   a = max(max(x^alpha, 1e-4) / (w^(1 - alpha) + 1e-4), 1e-4),  a = a / sqrt(max(a) min(a))      alpha = 0, 0.05 ... 0.95
 *   error = mean |X (W~ - W)^T|, or mean square;  W~ = scaled * a -> asymmetric rounding -> back
 * </pre>
 *
 * The strictly smaller error wins, so ties keep the smaller alpha. {@code scaled} is the 1D tile-wise Sinkhorn normalization,
 * or the weight itself where the method has none, whatever the tiling and rounding of the method. Candidates are fp32,
 * {@code W~} and the winner are rounded to fp16.
 *
 * <p>The reference computes both products and their difference in fp16, so that an overflow silently leaves {@code a = 1};
 * {@code referenceExact} does the same. Otherwise the difference of the weights is multiplied once, in fp32, which is also
 * less work. Rows are worked on in blocks, in parallel; sums are fp64 in a fixed order.
 *
 * <p>Source: SINQ reference, {@code awq.py}.
 */
final class ActivationSearch {

    /** Candidates; the n-th alpha is n / CANDIDATES. */
    static final int CANDIDATES = SearchTask.CANDIDATES;

    /** Rows at a time: whole tiles of the product's kernel, six rows each. */
    private static final int ROW_BLOCK = 60;

    private static final float FLOOR = 1e-4f;

    private final SinqFamily method;
    private final TileKernels kernels;
    private final @Nullable TileDevice device;

    /** @param device takes over the errors if it can; null for none */
    ActivationSearch(SinqFamily method, TileKernels kernels, @Nullable TileDevice device) {
        this.method = method;
        this.kernels = kernels;
        this.device = device;
    }

    /**
     * @param scale    (columns), rounded to fp16 unless the method works in fp32
     * @param alpha    the winner's exponent
     * @param error    its error
     * @param overflow whether every error was NaN, so that {@code scale} is 1
     */
    record Found(float[] scale, double alpha, double error, boolean overflow) {}

    /** Tries every candidate. */
    Found search(WeightSource source, Inputs inputs) {
        Inputs rounded = prepared(source, inputs);
        float[][] candidates = candidates(source, rounded);
        double[] errors = errorsOnDevice(source, rounded, candidates);
        if (errors == null) errors = errors(source, rounded, candidates);
        int best = -1;
        for (int c = 0; c < CANDIDATES; c++) {
            if (errors[c] < (best < 0 ? Double.POSITIVE_INFINITY : errors[best])) best = c;
        }
        if (best < 0) return new Found(filled(source.columns(), 1), 0, Double.NaN, true);
        float[] scale = candidates[best];
        if (source.roundToHalf()) for (int j = 0; j < scale.length; j++) scale[j] = Half.round(scale[j]);
        return new Found(scale, (double) best / CANDIDATES, errors[best], false);
    }

    /** Checks the inputs and rounds them to fp16, as the reference does; what is beyond it stays where we mend. */
    private Inputs prepared(WeightSource source, Inputs inputs) {
        String tensor = source.tensor().name();
        if (inputs.columns() != source.columns())
            throw new IllegalArgumentException("tensor '" + tensor + "' has " + source.columns()
                    + " columns, but its recorded inputs have " + inputs.columns());
        int count = inputs.tokens() * inputs.columns();
        float[] values = Arrays.copyOf(inputs.values(), count);
        for (int e = 0; e < count; e++) {
            if (!Float.isFinite(values[e]))
                throw new UnavailableFailure("tensor '" + tensor + "': input " + e % inputs.columns() + " of token "
                        + e / inputs.columns() + " of the calibration text is " + values[e]
                        + "; the model overflows on this text");
            float half = Half.round(values[e]);
            if (source.roundToHalf() && (method.referenceExact() || Float.isFinite(half))) values[e] = half;
        }
        return new Inputs(values, inputs.tokens(), inputs.columns());
    }

    /** (CANDIDATES, columns) */
    static float[][] candidates(WeightSource source, Inputs inputs) {
        float[] x = meanMagnitude(inputs.values(), inputs.tokens(), inputs.columns());
        float[] w = meanMagnitude(source);
        float[][] candidates = new float[CANDIDATES][];
        for (int c = 0; c < CANDIDATES; c++) candidates[c] = candidate(x, w, (double) c / CANDIDATES);
        return candidates;
    }

    private static float[] candidate(float[] x, float[] w, double alpha) {
        float[] scale = new float[x.length];
        float least = Float.POSITIVE_INFINITY;
        float most = 0;
        for (int j = 0; j < scale.length; j++) {
            float numerator = Math.max((float) Math.pow(x[j], alpha), FLOOR);
            float denominator = (float) Math.pow(w[j], 1 - alpha) + FLOOR;
            scale[j] = Math.max(numerator / denominator, FLOOR);
            least = Math.min(least, scale[j]);
            most = Math.max(most, scale[j]);
        }
        float middle = (float) Math.sqrt(most * least);
        for (int j = 0; j < scale.length; j++) scale[j] /= middle;
        return scale;
    }

    private static float[] meanMagnitude(WeightSource source) {
        int columns = source.columns();
        double[] sums = new double[columns];
        for (int first = 0; first < source.rows(); first += ROW_BLOCK) {
            Tile block = source.rows(first, Math.min(ROW_BLOCK, source.rows() - first));
            addMagnitudes(block.values(), block.rows(), columns, sums);
        }
        return means(sums, source.rows());
    }

    private static float[] meanMagnitude(float[] values, int rows, int columns) {
        double[] sums = new double[columns];
        addMagnitudes(values, rows, columns, sums);
        return means(sums, rows);
    }

    private static void addMagnitudes(float[] values, int rows, int columns, double[] sums) {
        for (int i = 0; i < rows; i++) for (int j = 0; j < columns; j++) sums[j] += Math.abs(values[i * columns + j]);
    }

    private static float[] means(double[] sums, int count) {
        float[] means = new float[sums.length];
        for (int j = 0; j < means.length; j++) means[j] = (float) (sums[j] / count);
        return means;
    }

    /** One error a candidate; null if there is no device for it. */
    private double @Nullable [] errorsOnDevice(WeightSource source, Inputs inputs, float[][] candidates) {
        if (device == null || roundsProducts(source)) return null;
        SearchTask task = new SearchTask(
                source.rows(),
                source.columns(),
                method.group(),
                method.bits(),
                source.roundToHalf(),
                method.normalization() == Normalization.SINKHORN,
                norm() == OutputError.Norm.SQUARE);
        if (!device.knows(task)) return null;
        double[] errors = device.outputErrors(source.tensor(), task, inputs, candidates);
        double count = (double) inputs.tokens() * source.rows();
        for (int c = 0; c < errors.length; c++) errors[c] /= count;
        return errors;
    }

    /** Whether outputs are rounded to fp16, as in the reference. */
    private boolean roundsProducts(WeightSource source) {
        return method.referenceExact() && source.roundToHalf();
    }

    /** One error a candidate. */
    double[] errors(WeightSource source, Inputs inputs, float[][] candidates) {
        Scales scales = scales(source);
        try (OutputError measure = measure(source, inputs)) {
            int blocks = Math.ceilDiv(source.rows(), ROW_BLOCK);
            double[][] sums = new double[blocks][CANDIDATES];
            IntStream.range(0, blocks).parallel().forEach(b -> {
                int first = b * ROW_BLOCK;
                Tile block = source.rows(first, Math.min(ROW_BLOCK, source.rows() - first));
                List<Part> parts = parts(block, first, scales);
                OutputError.Block outputs = measure.of(block);
                for (int c = 0; c < CANDIDATES; c++)
                    sums[b][c] = outputs.sum(fakeQuantized(source, block, parts, candidates[c]));
            });
            double[] errors = new double[CANDIDATES];
            for (double[] block : sums) for (int c = 0; c < CANDIDATES; c++) errors[c] += block[c];
            double count = (double) inputs.tokens() * source.rows();
            for (int c = 0; c < CANDIDATES; c++) errors[c] = measure.mean(errors[c], count);
            return errors;
        }
    }

    private OutputError measure(WeightSource source, Inputs inputs) {
        InputProducts products = kernels.inputProducts(inputs.values(), inputs.tokens(), inputs.columns());
        return roundsProducts(source)
                ? new OutputError.HalfProducts(norm(), inputs.tokens(), products)
                : new OutputError.Difference(norm(), inputs.tokens(), products);
    }

    private OutputError.Norm norm() {
        return method.activationScale() == ActivationScale.SEARCH_L1
                ? OutputError.Norm.ABSOLUTE
                : OutputError.Norm.SQUARE;
    }

    /** Sinkhorn scales of the whole matrix: (columns) and (groups, rows). */
    private record Scales(TileGrid grid, float[] column, float[][] row) {}

    private Scales scales(WeightSource source) {
        TileGrid grid = new TileGrid(source.rows(), source.columns(), method.group(), Tiling.ONE_D);
        Scales scales = new Scales(grid, filled(source.columns(), 1), new float[grid.count()][]);
        Sinkhorn sinkhorn = new Sinkhorn(kernels);
        IntStream.range(0, grid.count()).parallel().forEach(t -> {
            TileGrid.Place place = grid.place(t);
            if (method.normalization() == Normalization.NONE) {
                scales.row()[t] = filled(source.rows(), 1);
                return;
            }
            Sinkhorn.Scales found = sinkhorn.scales(source.tile(place));
            scales.row()[t] = found.row();
            System.arraycopy(found.column(), 0, scales.column(), place.firstColumn(), place.columns());
        });
        return scales;
    }

    /** One group of a block of whole rows: {@code scaled}, with the scales that it was divided by. */
    private record Part(TileGrid.Place place, Tile scaled, float[] column, float[] row) {}

    private List<Part> parts(Tile block, int firstRow, Scales scales) {
        List<Part> parts = new ArrayList<>();
        for (int t = 0; t < scales.grid().count(); t++) {
            TileGrid.Place place = scales.grid().place(t);
            float[] column = part(scales.column(), place);
            float[] row = Arrays.copyOfRange(scales.row()[t], firstRow, firstRow + block.rows());
            Tile tile = part(block, place);
            kernels.divide(tile.values(), tile.rows(), tile.columns(), column, row);
            parts.add(new Part(place, tile, column, row));
        }
        return parts;
    }

    /** {@code W~} of a block of whole rows. */
    private float[] fakeQuantized(WeightSource source, Tile block, List<Part> parts, float[] candidate) {
        float[] result = new float[block.values().length];
        for (Part part : parts) {
            float[] values = fakeQuantized(part, part(candidate, part.place()));
            int columns = part.place().columns();
            for (int i = 0; i < block.rows(); i++)
                System.arraycopy(
                        values,
                        i * columns,
                        result,
                        i * block.columns() + part.place().firstColumn(),
                        columns);
        }
        if (source.roundToHalf()) for (int e = 0; e < result.length; e++) result[e] = Half.round(result[e]);
        return result;
    }

    private float[] fakeQuantized(Part part, float[] candidate) {
        int rows = part.scaled().rows();
        int columns = part.scaled().columns();
        Tile tile = new Tile(rows, columns, part.scaled().values().clone());
        kernels.multiply(tile.values(), rows, columns, candidate, filled(rows, 1));
        TileCodes out = new TileCodes(rows, columns);
        new AsymmetricRounding(method.bits(), Float.POSITIVE_INFINITY, kernels).round(tile, out);
        kernels.dequantize(
                out.codes, rows, columns, out.scale, out.zero, candidate, part.column(), part.row(), tile.values());
        return tile.values();
    }

    private static float[] part(float[] perColumn, TileGrid.Place place) {
        return Arrays.copyOfRange(perColumn, place.firstColumn(), place.firstColumn() + place.columns());
    }

    private static Tile part(Tile block, TileGrid.Place place) {
        float[] values = new float[block.rows() * place.columns()];
        for (int i = 0; i < block.rows(); i++)
            System.arraycopy(
                    block.values(),
                    i * block.columns() + place.firstColumn(),
                    values,
                    i * place.columns(),
                    place.columns());
        return new Tile(block.rows(), place.columns(), values);
    }

    private static float[] filled(int length, float value) {
        float[] values = new float[length];
        Arrays.fill(values, value);
        return values;
    }
}
