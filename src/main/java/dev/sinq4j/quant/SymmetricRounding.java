package dev.sinq4j.quant;

import dev.sinq4j.kernel.TileKernels;
import dev.sinq4j.weight.Grid;
import java.util.Arrays;

/**
 * Round to nearest on a symmetric grid: one scale per row of a tile, the same zero everywhere.
 *
 * <pre>
 *   M = 2^bits - 1,  zero = floor(M / 2),  top = zero - 1
 *   scale = max(max|w|, MIN_MAGNITUDE) / top
 *   code  = round(w / scale) + zero                          ties to even; codes 1 to M - 2 occur
 * </pre>
 *
 * Source: SINQ reference, {@code dual_shift.quantize_symmetric_rtn} ({@code noz}). Its bottom of the range, one below
 * {@code -zero}, is never reached, since no {@code |w / scale|} exceeds {@code top}.
 */
record SymmetricRounding(int bits, TileKernels kernels) implements TileRounding {

    private static final float MIN_MAGNITUDE = 1e-5f;

    SymmetricRounding {
        if (bits < 3) throw new IllegalArgumentException("symmetric rounding needs 3 bits or more, not " + bits);
    }

    @Override
    public Grid grid() {
        return new Grid.Uniform(bits);
    }

    @Override
    public boolean constantZero() {
        return true;
    }

    @Override
    public TileTask.Rounding onDevice() {
        return new TileTask.Rounding.Symmetric(bits);
    }

    @Override
    public void round(Tile tile, TileCodes out) {
        int maxCode = (1 << bits) - 1;
        int zero = maxCode / 2;
        float[] least = new float[tile.rows()];
        float[] most = new float[tile.rows()];
        kernels.ranges(tile.values(), tile.rows(), tile.columns(), least, most);
        for (int row = 0; row < tile.rows(); row++) {
            float magnitude = Math.max(-least[row], most[row]);
            if (magnitude < MIN_MAGNITUDE && magnitude > 0) out.flatRows++;
            out.scale[row] = Math.max(magnitude, MIN_MAGNITUDE) / (zero - 1);
        }
        Arrays.fill(out.zero, zero);
        roundOffset(tile, zero, out);
    }

    /** Rounds before the zero is added: adding first would round twice. */
    private static void roundOffset(Tile tile, int zero, TileCodes out) {
        for (int row = 0, e = 0; row < tile.rows(); row++) {
            for (int j = 0; j < tile.columns(); j++, e++) {
                out.codes[e] = (byte) (zero + (int) Math.rint(tile.values()[e] / out.scale[row]));
            }
        }
    }
}
