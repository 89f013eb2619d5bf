package dev.sinq4j.quant;

import dev.sinq4j.kernel.TileKernels;
import dev.sinq4j.weight.Grid;

/**
 * Round to nearest on an asymmetric grid: one scale and one zero per row of a tile.
 *
 * <pre>
 *   scale = max(max(w) - min(w), MIN_RANGE) / (2^bits - 1)
 *   zero  = -round(min(w) / scale)                          an integer, not clamped to the code range
 *   code  = clamp(round(w / scale + zero), 0, 2^bits - 1)    ties to even
 * </pre>
 *
 * Source: SINQ reference, {@code dual_shift.quantize_rtn}, mode uniform.
 *
 * @param margin ranges a row may lie from zero before it gets a {@link GridThroughZero}
 */
record AsymmetricRounding(int bits, float margin, TileKernels kernels) implements TileRounding {

    /** Narrowest range a grid spans, so that a constant row has a finite scale. */
    static final float MIN_RANGE = 1e-4f;

    @Override
    public Grid grid() {
        return new Grid.Uniform(bits);
    }

    @Override
    public TileTask.Rounding onDevice() {
        return new TileTask.Rounding.Asymmetric(bits, margin);
    }

    @Override
    public void round(Tile tile, TileCodes out) {
        int maxCode = (1 << bits) - 1;
        float[] least = new float[tile.rows()];
        float[] most = new float[tile.rows()];
        kernels.ranges(tile.values(), tile.rows(), tile.columns(), least, most);
        for (int row = 0; row < tile.rows(); row++) {
            float range = most[row] - least[row];
            if (range < MIN_RANGE && range > 0) out.flatRows++;
            out.scale[row] = Math.max(range, MIN_RANGE) / maxCode;
            out.zero[row] = -(float) Math.rint(least[row] / out.scale[row]);
        }
        kernels.roundToCodes(tile.values(), tile.rows(), tile.columns(), out.scale, out.zero, maxCode, out.codes);
        mendRows(tile, maxCode, out);
    }

    private void mendRows(Tile tile, int maxCode, TileCodes out) {
        for (int row = 0; row < tile.rows(); row++) {
            if (GridThroughZero.needed(out.zero[row], maxCode, margin)) GridThroughZero.round(tile, row, maxCode, out);
        }
    }
}
