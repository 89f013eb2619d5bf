package dev.sinq4j.quant.hessian;

import java.util.stream.IntStream;

/**
 * Cholesky factor and inverse of a lower triangular matrix, fp64, blocked. Every element is summed in the order of its index
 * by one thread, so that results do not depend on the number of threads.
 */
final class LowerTriangle {

    /** Columns factored together; their rows times 8 bytes stay in the second-level cache. */
    private static final int PANEL = 64;

    private LowerTriangle() {}

    /**
     * Replaces A by L with {@code A = L L^T}.
     *
     * @param a (size, size) row-major; only the lower triangle is read, above it nothing is written
     * @return false if A is not positive definite or holds a number that is not finite; A is then spoilt
     */
    static boolean factor(double[] a, int size) {
        for (int first = 0; first < size; first += PANEL) {
            int last = Math.min(size, first + PANEL);
            for (int row = first; row < last; row++) if (!pivot(a, size, first, row)) return false;
            if (last < size) eliminate(a, size, first, last);
        }
        return true;
    }

    /** A row of the diagonal block. */
    private static boolean pivot(double[] a, int size, int first, int row) {
        solve(a, size, first, row, row);
        double square = a[row * size + row];
        for (int k = first; k < row; k++) square -= a[row * size + k] * a[row * size + k];
        if (!(square > 0 && square < Double.POSITIVE_INFINITY)) return false;
        a[row * size + row] = Math.sqrt(square);
        return true;
    }

    /** Elements {@code first} to {@code end} of a row of L, the rows above {@code end} being known. */
    private static void solve(double[] a, int size, int first, int end, int row) {
        for (int column = first; column < end; column++) {
            double value = a[row * size + column];
            for (int k = first; k < column; k++) value -= a[row * size + k] * a[column * size + k];
            a[row * size + column] = value / a[column * size + column];
        }
    }

    /** Solves the panel below its diagonal block and subtracts its products from what is right of it. */
    private static void eliminate(double[] a, int size, int first, int last) {
        int below = size - last;
        double[] transposed = new double[(last - first) * below]; // (panel, rows below): neighbours for the inner loop
        IntStream.range(last, size).parallel().forEach(row -> {
            solve(a, size, first, last, row);
            for (int k = first; k < last; k++) transposed[(k - first) * below + row - last] = a[row * size + k];
        });
        IntStream.range(last, size).parallel().forEach(row -> {
            for (int k = first; k < last; k++)
                subtract(a, row * size + last, a[row * size + k], transposed, (k - first) * below, row - last + 1);
        });
    }

    /** {@code L^-1}, zeros above the diagonal. */
    static double[] inverse(double[] l, int size) {
        double[] inverse = new double[l.length];
        IntStream.range(0, Math.ceilDiv(size, PANEL)).parallel().forEach(block -> {
            int first = block * PANEL;
            int width = Math.min(PANEL, size - first);
            for (int row = first; row < size; row++) {
                int target = row * size + first;
                if (row < first + width) inverse[row * size + row] = 1;
                for (int k = first; k < row; k++)
                    subtract(inverse, target, l[row * size + k], inverse, k * size + first, width);
                for (int j = 0; j < width; j++) inverse[target + j] /= l[row * size + row];
            }
        });
        return inverse;
    }

    private static void subtract(double[] to, int target, double factor, double[] from, int source, int count) {
        for (int j = 0; j < count; j++) to[target + j] -= factor * from[source + j];
    }
}
