package dev.sinq4j.quant;

import dev.sinq4j.kernel.InputProducts;
import dev.sinq4j.kernel.TileKernels;
import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.Awq;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * AWQ's search for the scale of each channel.
 *
 * <pre>
 *   w(j) = mean over rows of |w(i, j)| / (max|w| of its group + 1e-6),   x(j) = mean over tokens of |x(j)|
 *   s(j) = max(x(j)^r / (w(j)^(1 - r) + 1e-4), 1e-4),   divided by sqrt(max s min s),   r = 0, 0.05 ... 0.95
 *   chosen: the first of least squared output error of grid(W s) / s
 * </pre>
 *
 * A scale that is no number or zero is 1. The inverse of s is rounded as it will be stored, and W is divided by that.
 *
 * <p>Source: {@code casper-hansen/AutoAWQ}, {@code AwqQuantizer._search_best_scale}, {@code duo_scaling}.
 */
record AwqScaleSearch(Awq method, TileKernels kernels) {

    private static final int CANDIDATES = 20;
    /** Rows at a time: whole tiles of the product's kernel, six rows each. */
    private static final int ROW_BLOCK = 60;

    private static final double FLOOR = 1e-4;
    private static final double GROUP_FLOOR = 1e-6;

    /**
     * @param column 1 / s as stored, (columns)
     * @param ratio  r
     * @param error  mean squared output error
     */
    record Found(float[] column, double ratio, double error) {}

    /** @param inputs as many columns as the weight, all finite */
    Found search(WeightSource source, Inputs inputs) {
        double[] x = inputMeans(inputs);
        double[] w = weightMeans(source);
        float[][] columns = new float[CANDIDATES][];
        for (int c = 0; c < CANDIDATES; c++) columns[c] = stored(scale(x, w, (double) c / CANDIDATES));
        double[] errors = errors(source, inputs, columns);
        int best = 0;
        for (int c = 1; c < CANDIDATES; c++) if (errors[c] < errors[best]) best = c;
        return new Found(columns[best], (double) best / CANDIDATES, errors[best]);
    }

    private static double[] scale(double[] x, double[] w, double ratio) {
        double[] scale = new double[x.length];
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        for (int j = 0; j < scale.length; j++) {
            scale[j] = Math.max(Math.pow(x[j], ratio) / (Math.pow(w[j], 1 - ratio) + FLOOR), FLOOR);
            least = Math.min(least, scale[j]);
            most = Math.max(most, scale[j]);
        }
        for (int j = 0; j < scale.length; j++) scale[j] /= Math.sqrt(most * least);
        return scale;
    }

    private float[] stored(double[] scale) {
        float[] column = new float[scale.length];
        for (int j = 0; j < column.length; j++) {
            float inverse = (float) (1 / scale[j]);
            column[j] = method.aux() == AuxPrecision.FP16 ? Half.round(inverse) : inverse;
            if (!(column[j] > 0 && Float.isFinite(column[j]))) column[j] = 1;
        }
        return column;
    }

    private static double[] inputMeans(Inputs inputs) {
        double[] means = new double[inputs.columns()];
        for (int token = 0; token < inputs.tokens(); token++)
            for (int j = 0; j < means.length; j++) means[j] += Math.abs(inputs.values()[token * means.length + j]);
        for (int j = 0; j < means.length; j++) means[j] /= inputs.tokens();
        return means;
    }

    private double[] weightMeans(WeightSource source) {
        double[] means = new double[source.columns()];
        for (int row = 0; row < source.rows(); row++) {
            float[] values = source.rows(row, 1).values();
            for (int first = 0; first < values.length; first += method.group()) {
                int last = Math.min(values.length, first + method.group());
                double most = 0;
                for (int j = first; j < last; j++) most = Math.max(most, Math.abs(values[j]));
                for (int j = first; j < last; j++) means[j] += Math.abs(values[j]) / (most + GROUP_FLOOR);
            }
        }
        for (int j = 0; j < means.length; j++) means[j] /= source.rows();
        return means;
    }

    private double[] errors(WeightSource source, Inputs inputs, float[][] columns) {
        InputProducts products = kernels.inputProducts(inputs.values(), inputs.tokens(), inputs.columns());
        try (OutputError measure = new OutputError.Difference(OutputError.Norm.SQUARE, inputs.tokens(), products)) {
            int blocks = Math.ceilDiv(source.rows(), ROW_BLOCK);
            double[][] sums = new double[blocks][columns.length];
            IntStream.range(0, blocks).parallel().forEach(b -> {
                Tile block = source.rows(b * ROW_BLOCK, Math.min(ROW_BLOCK, source.rows() - b * ROW_BLOCK));
                OutputError.Block outputs = measure.of(block);
                for (int c = 0; c < columns.length; c++) sums[b][c] = outputs.sum(fakeQuantized(block, columns[c]));
            });
            double[] errors = new double[columns.length];
            for (double[] block : sums) Arrays.setAll(errors, c -> errors[c] + block[c]);
            Arrays.setAll(errors, c -> measure.mean(errors[c], (double) inputs.tokens() * source.rows()));
            return errors;
        }
    }

    private float[] fakeQuantized(Tile block, float[] column) {
        AwqGrid grid = new AwqGrid(method.bits(), method.aux());
        int columns = block.columns();
        float[] values = block.values().clone();
        for (int e = 0; e < values.length; e++) values[e] /= column[e % columns];
        for (int row = 0; row < block.rows(); row++)
            for (int first = 0; first < columns; first += method.group()) {
                int count = Math.min(method.group(), columns - first);
                int at = row * columns + first;
                AwqGrid.Fitted fitted = grid.fit(values, at, count);
                for (int e = at; e < at + count; e++) values[e] = fitted.value(fitted.code(values[e]));
            }
        for (int e = 0; e < values.length; e++) values[e] *= column[e % columns];
        return values;
    }
}
