package dev.sinq4j.quant;

import dev.sinq4j.method.Awq;
import java.util.stream.IntStream;

/**
 * AWQ's search for how far to clip each group of a row.
 *
 * <pre>
 *   w'   = grid(clamp(w, -m, m)),   m = max|w| (1 - i / 20),   i = 0 to 9
 *   cost = sum over tokens of (x (w' - w))^2 = d G d^T,   d = w' - w,   G = X^T X of the group's columns
 *   chosen: the first m of least cost
 * </pre>
 *
 * Tokens are thinned to about 512, evenly, as in the library. G is summed in fp64 in the order of the tokens.
 *
 * <p>Source: {@code casper-hansen/AutoAWQ}, {@code AwqQuantizer._compute_best_clip}.
 */
final class AwqClipSearch {

    private static final int GRID = 20;
    private static final int CANDIDATES = 10;
    private static final int TOKENS = 512;

    private final Awq method;
    private final int columns;
    private final double[][] products; // a group each: (group columns, group columns)

    /** @param column what the inputs are multiplied with before they meet the scaled weights */
    AwqClipSearch(Awq method, Inputs inputs, float[] column) {
        this.method = method;
        columns = inputs.columns();
        int step = Math.max(1, inputs.tokens() / TOKENS);
        products = IntStream.range(0, Math.ceilDiv(columns, method.group()))
                .parallel()
                .mapToObj(g -> products(inputs, column, g * method.group(), step))
                .toArray(double[][]::new);
    }

    private double[] products(Inputs inputs, float[] column, int first, int step) {
        int count = Math.min(method.group(), columns - first);
        double[] sums = new double[count * count];
        double[] x = new double[count];
        for (int token = 0; token < inputs.tokens(); token += step) {
            for (int j = 0; j < count; j++)
                x[j] = (double) inputs.values()[token * columns + first + j] * column[first + j];
            for (int i = 0; i < count; i++) for (int j = 0; j < count; j++) sums[i * count + j] += x[i] * x[j];
        }
        return sums;
    }

    /**
     * Clips every group of a row in place.
     *
     * @param row scaled weights
     * @return how many groups were clipped
     */
    int clip(float[] row) {
        int clipped = 0;
        for (int group = 0; group < products.length; group++) if (clip(row, group)) clipped++;
        return clipped;
    }

    private boolean clip(float[] row, int group) {
        int first = group * method.group();
        int count = Math.min(method.group(), columns - first);
        float most = 0;
        for (int j = first; j < first + count; j++) most = Math.max(most, Math.abs(row[j]));
        float bound = most;
        double least = Double.POSITIVE_INFINITY;
        float[] clamped = new float[count];
        for (int i = 0; i < CANDIDATES; i++) {
            float candidate = most * (1 - (float) i / GRID);
            for (int j = 0; j < count; j++) clamped[j] = Math.clamp(row[first + j], -candidate, candidate);
            double cost = cost(row, first, clamped, products[group]);
            if (!(cost < least)) continue;
            least = cost;
            bound = candidate;
        }
        for (int j = first; j < first + count; j++) row[j] = Math.clamp(row[j], -bound, bound);
        return bound < most;
    }

    private double cost(float[] row, int first, float[] clamped, double[] product) {
        AwqGrid.Fitted grid = new AwqGrid(method.bits(), method.aux()).fit(clamped, 0, clamped.length);
        double[] difference = new double[clamped.length];
        for (int j = 0; j < clamped.length; j++)
            difference[j] = (double) grid.value(grid.code(clamped[j])) - row[first + j];
        double cost = 0;
        for (int i = 0; i < difference.length; i++) {
            double sum = 0;
            for (int j = 0; j < difference.length; j++) sum += product[i * difference.length + j] * difference[j];
            cost += difference[i] * sum;
        }
        return cost;
    }
}
