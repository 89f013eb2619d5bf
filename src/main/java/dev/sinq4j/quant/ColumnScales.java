package dev.sinq4j.quant;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.kernel.TileKernels;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Column scales alone, for matrices whose columns somebody else scales:
 *
 * <pre>
 *   mu = Sinkhorn's column scale of each tile of all rows
 *   t  = mu / median(mu)          over all columns; the lower median where their number is even
 * </pre>
 *
 * Source: SINQ reference after the pinned commit, {@code presinq_models_generation/presinq_hqq.py}.
 *
 * @param tile       columns of a tile; where it does not divide the columns, the nearest divisor is taken, the larger of two
 * @param iterations of Sinkhorn
 */
public record ColumnScales(int tile, int iterations) {

    /** Matrices that share an input, one below the other. */
    @FunctionalInterface
    public interface Stack {

        /**
         * Copies some columns of all rows; thread-safe.
         *
         * @param target (rows, columns), overwritten
         */
        void read(int firstColumn, int columns, float[] target);
    }

    /**
     * Finds the scales. Tiles are worked on in parallel, in the caller's fork-join pool.
     *
     * @param name of the matrices, for messages
     * @return (columns), finite and above zero
     * @throws UnavailableFailure if a number is not finite
     */
    public float[] of(String name, int rows, int columns, Stack stack) {
        int width = width(columns);
        float[] scale = new float[columns];
        TileKernels kernels = TileKernels.fastest();
        Sinkhorn sinkhorn = new Sinkhorn(kernels, iterations);
        IntStream.range(0, columns / width).parallel().forEach(t -> {
            float[] values = new float[Math.multiplyExact(rows, width)];
            stack.read(t * width, width, values);
            if (!kernels.allFinite(values, values.length))
                throw new UnavailableFailure(name + ": a number among columns " + t * width + " to "
                        + ((t + 1) * width - 1) + " is not finite; the weights are damaged");
            float[] tileScale = sinkhorn.scales(new Tile(rows, width, values)).column();
            System.arraycopy(tileScale, 0, scale, t * width, width);
        });
        divideByMedian(scale);
        return scale;
    }

    /** The divisor of {@code columns} nearest to the tile. */
    int width(int columns) {
        for (int distance = 0; ; distance++) {
            if (columns % (tile + distance) == 0) return tile + distance;
            if (tile - distance >= 1 && columns % (tile - distance) == 0) return tile - distance;
        }
    }

    private static void divideByMedian(float[] scale) {
        float[] sorted = scale.clone();
        Arrays.sort(sorted);
        float median = sorted[(sorted.length - 1) / 2];
        for (int j = 0; j < scale.length; j++) scale[j] /= median;
    }
}
