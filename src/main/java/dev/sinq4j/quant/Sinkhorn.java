package dev.sinq4j.quant;

import dev.sinq4j.kernel.TileKernels;
import java.util.Arrays;

/**
 * Sinkhorn normalization: column and row scales that even out the standard deviations of a tile's rows and columns.
 *
 * <pre>
 *   sigma_r, sigma_c  unbiased standard deviations of the rows and columns of the scaled tile
 *   imbalance = max(sigma_r, sigma_c) / max(min(sigma_r, sigma_c), 1e-12)
 *   target    = min(clamp(sigma, 1e-3, 1e3)) + 1e-6                              of the tile as it came
 *   u = 0 (columns), v = 0 (rows)
 *   at most ORDER times, until the imbalance rises:
 *     scaled = (tile / exp(u)) / exp(v)
 *     keep exp(u), exp(v) where the imbalance is not larger than the best so far
 *     u = clip(u + log(clamp(clamp(sigma_c, 1e-3, 1e3) / target, 0.7, 2)), -0.3, 10), v likewise from sigma_r
 * </pre>
 *
 * fp32; deviations, exp and log are computed in fp64 and rounded once. The reference goes on after the first rise but
 * changes nothing any more, so stopping there gives the same scales. A tile of one row or one column has no deviations:
 * its scales are 1, which the reference reaches through comparisons with NaN.
 *
 * <p>Source: SINQ reference, {@code sinkhorn.sinkhorn_log}.
 */
final class Sinkhorn {

    /** Iterations the reference runs. */
    static final int ORDER = 16;

    private static final float MIN_DEVIATION = 1e-3f;
    private static final float MAX_DEVIATION = 1e3f;
    private static final float MIN_STEP = 0.7f;
    private static final float MAX_STEP = 2f;
    private static final float MIN_LOG_SCALE = -0.3f;
    private static final float MAX_LOG_SCALE = 10f;
    private static final float MIN_IMBALANCE_DIVISOR = 1e-12f;
    private static final float TARGET_MARGIN = 1e-6f;

    private final TileKernels kernels;
    private final int order;

    Sinkhorn(TileKernels kernels) {
        this(kernels, ORDER);
    }

    /** @param order iterations, of which the first takes the tile as it came */
    Sinkhorn(TileKernels kernels, int order) {
        this.kernels = kernels;
        this.order = order;
    }

    /**
     * @param column        (columns) scale the tile is divided by first
     * @param row           (rows) scale it is divided by then
     * @param keptIteration iteration the scales are of; 0 is the tile as it came
     * @param before        imbalance of the tile as it came
     * @param after         imbalance of the scaled tile
     */
    record Scales(float[] column, float[] row, int keptIteration, float before, float after) {}

    /** Finds the scales; the tile is not changed. */
    Scales scales(Tile tile) {
        float[] column = filled(tile.columns(), 1);
        float[] row = filled(tile.rows(), 1);
        if (tile.rows() == 1 || tile.columns() == 1) return new Scales(column, row, 0, 1, 1);
        float[] columnDeviation = new float[tile.columns()];
        float[] rowDeviation = new float[tile.rows()];
        kernels.deviations(tile.values(), tile.rows(), tile.columns(), column, row, columnDeviation, rowDeviation);
        float before = imbalance(columnDeviation, rowDeviation);
        float target = target(columnDeviation, rowDeviation);
        float[] logColumn = new float[tile.columns()];
        float[] logRow = new float[tile.rows()];
        Scales best = new Scales(column, row, 0, before, before);
        for (int iteration = 1; iteration < order; iteration++) {
            step(logColumn, columnDeviation, target);
            step(logRow, rowDeviation, target);
            column = exp(logColumn);
            row = exp(logRow);
            kernels.deviations(tile.values(), tile.rows(), tile.columns(), column, row, columnDeviation, rowDeviation);
            float imbalance = imbalance(columnDeviation, rowDeviation);
            if (imbalance > best.after()) break;
            best = new Scales(column, row, iteration, before, imbalance);
        }
        return best;
    }

    private static float imbalance(float[] columnDeviation, float[] rowDeviation) {
        float largest = Math.max(max(columnDeviation), max(rowDeviation));
        float smallest = Math.min(min(columnDeviation), min(rowDeviation));
        return largest / Math.max(smallest, MIN_IMBALANCE_DIVISOR);
    }

    private static float target(float[] columnDeviation, float[] rowDeviation) {
        float smallest = Math.min(min(columnDeviation), min(rowDeviation));
        return Math.clamp(smallest, MIN_DEVIATION, MAX_DEVIATION) + TARGET_MARGIN;
    }

    private void step(float[] logScale, float[] deviation, float target) {
        float[] change = new float[deviation.length];
        for (int i = 0; i < change.length; i++) {
            float clamped = Math.max(MIN_DEVIATION, Math.min(MAX_DEVIATION, deviation[i]));
            change[i] = Math.max(MIN_STEP, Math.min(MAX_STEP, clamped / target));
        }
        kernels.logarithms(change, change.length);
        for (int i = 0; i < change.length; i++)
            logScale[i] = Math.max(MIN_LOG_SCALE, Math.min(MAX_LOG_SCALE, logScale[i] + change[i]));
    }

    private float[] exp(float[] logScale) {
        float[] scale = new float[logScale.length];
        kernels.exponentials(logScale, scale.length, scale);
        return scale;
    }

    private static float[] filled(int length, float value) {
        float[] values = new float[length];
        Arrays.fill(values, value);
        return values;
    }

    private static float max(float[] values) {
        float most = values[0];
        for (float value : values) most = Math.max(most, value);
        return most;
    }

    private static float min(float[] values) {
        float least = values[0];
        for (float value : values) least = Math.min(least, value);
        return least;
    }
}
