package dev.sinq4j.quant.hessian;

import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How much an error of each pair of a layer's columns costs: {@code H = 2/n X^T X} over the n tokens of a calibration text.
 * Products of fp32 inputs are summed in fp64 in the order of the tokens, whatever the number of threads.
 *
 * <p>An input that was always zero gets {@code H(j, j) = 1}.
 */
public final class Hessian {

    /** Rows of H that share one pass over the inputs. */
    private static final int TALL = 4;
    /** Columns of H at work at once: with {@link #TALL} rows they stay in the first-level cache. */
    private static final int WIDE = 512;

    private final int size;
    private final double[] values; // (size, size); only the upper triangle is filled
    private final boolean[] dead;

    private Hessian(int size, double[] values) {
        this.size = size;
        this.values = values;
        dead = new boolean[size];
        for (int j = 0; j < size; j++) {
            dead[j] = diagonal(j) == 0;
            if (dead[j]) values[at(j, j)] = 1;
        }
    }

    /**
     * Of what a layer was given; inputs that are not finite make {@link #factor} empty.
     *
     * @param inputs (tokens, size), row-major; may be longer
     */
    public static Hessian of(float[] inputs, int tokens, int size) {
        double[] values = new double[Math.multiplyExact(size, size)];
        IntStream.range(0, Math.ceilDiv(size, TALL)).parallel().forEach(band -> {
            int first = band * TALL;
            int last = Math.min(size, first + TALL);
            for (int left = first; left < size; left += WIDE)
                addProducts(inputs, tokens, size, first, last, left, Math.min(size, left + WIDE), values);
        });
        return new Hessian(size, values);
    }

    private static void addProducts(
            float[] inputs, int tokens, int size, int first, int last, int left, int right, double[] values) {
        double share = 2.0 / tokens;
        double[] sums = new double[right - left];
        for (int i = first; i < last; i++) {
            for (int token = 0; token < tokens; token++) {
                int row = token * size;
                double x = inputs[row + i];
                for (int j = 0; j < sums.length; j++) sums[j] += x * inputs[row + left + j];
            }
            for (int j = 0; j < sums.length; j++) {
                values[i * size + left + j] = share * sums[j];
                sums[j] = 0;
            }
        }
    }

    private int at(int i, int j) {
        return i <= j ? i * size + j : j * size + i;
    }

    /** Columns. */
    public int size() {
        return size;
    }

    /** Twice the mean square of input {@code column}; 1 for a dead one. */
    public double diagonal(int column) {
        return values[at(column, column)];
    }

    /** Whether input {@code column} was always zero. */
    public boolean isDead(int column) {
        return dead[column];
    }

    /**
     * The upper Cholesky factor of the damped inverse, {@code (H + damping mean(diag H) I)^-1 = U^T U}, its rows and columns
     * in the given order.
     *
     * <p>Computed without the inverse: with J the reversal of the order, {@code J H J = L L^T} gives {@code U = J L^-1 J}.
     *
     * @param order a permutation of the columns
     * @return (size, size), zeros below the diagonal; empty if the damped H is not positive definite
     */
    public Optional<double[]> factor(int[] order, double damping) {
        double mean = 0;
        for (int j = 0; j < size; j++) mean += diagonal(j) / size;
        double[] reversed = new double[values.length];
        for (int i = 0; i < size; i++) {
            int row = (size - 1 - i) * size;
            for (int j = i; j < size; j++) reversed[row + size - 1 - j] = values[at(order[i], order[j])];
            reversed[row + size - 1 - i] += damping * mean;
        }
        if (!LowerTriangle.factor(reversed, size)) return Optional.empty();
        double[] inverse = LowerTriangle.inverse(reversed, size);
        reverse(inverse);
        return Optional.of(inverse);
    }

    /** Reverses rows and columns. */
    private static void reverse(double[] matrix) {
        for (int from = 0, to = matrix.length - 1; from < to; from++, to--) {
            double kept = matrix[from];
            matrix[from] = matrix[to];
            matrix[to] = kept;
        }
    }
}
