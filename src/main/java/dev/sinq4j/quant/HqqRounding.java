package dev.sinq4j.quant;

import dev.sinq4j.kernel.TileKernels;
import dev.sinq4j.weight.Grid;

/**
 * Half-quadratic quantization as the SINQ reference contains it: the zeros of a tile's rows are refined so that a
 * sparsity-promoting norm of the error falls; {@code s'} is the reciprocal of the scale and stays.
 *
 * <pre>
 *   s' = min((2^bits - 1) / (max - min), 2e4), 1 where max - min is at most 1e-4;  zero = -min s'
 *   20 times:
 *     code = clamp(round(w s' + zero)),  r = (code - zero) / s',  e = shrink(w - r)
 *     zero = mean over the row of (code - (w - e) s')
 *   kept: the zero computed in the iteration whose mean |w - r| over the tile was the smallest
 * </pre>
 *
 * The reference stores the codes of the last iteration with that zero, which do not belong together; so does {@code mend =
 * false}. Otherwise the codes are computed again from the kept zero. Means are summed in fp64.
 *
 * <p>Source: SINQ reference, {@code dual_shift.hqq_rtn} and {@code optimize_weights_proximal}.
 *
 * @param mend   whether codes and zero belong together
 * @param margin ranges a row may lie from zero before it gets a {@link GridThroughZero}
 */
record HqqRounding(int bits, boolean mend, float margin, TileKernels kernels) implements TileRounding {

    private static final int ITERATIONS = 20;
    private static final float MAX_INVERSE_SCALE = 2e4f;
    private static final float FLAT_RANGE = 1e-4f;

    @Override
    public Grid grid() {
        return new Grid.Uniform(bits);
    }

    @Override
    public TileTask.Rounding onDevice() {
        return new TileTask.Rounding.HalfQuadratic(bits, margin, mend);
    }

    @Override
    public void round(Tile tile, TileCodes out) {
        int maxCode = (1 << bits) - 1;
        float[] inverseScale = new float[tile.rows()];
        start(tile, maxCode, inverseScale, out);
        float[] keptZero = refine(tile, maxCode, inverseScale, out);
        System.arraycopy(keptZero, 0, out.zero, 0, tile.rows());
        if (mend) codes(tile, maxCode, inverseScale, out);
        for (int row = 0; row < tile.rows(); row++) {
            out.scale[row] = 1 / inverseScale[row];
            if (GridThroughZero.needed(out.zero[row], maxCode, margin)) GridThroughZero.round(tile, row, maxCode, out);
        }
    }

    private void start(Tile tile, int maxCode, float[] inverseScale, TileCodes out) {
        float[] least = new float[tile.rows()];
        float[] most = new float[tile.rows()];
        kernels.ranges(tile.values(), tile.rows(), tile.columns(), least, most);
        for (int row = 0; row < tile.rows(); row++) {
            float range = most[row] - least[row];
            if (range <= FLAT_RANGE && range > 0) out.flatRows++;
            inverseScale[row] = range <= FLAT_RANGE ? 1 : Math.min(maxCode / range, MAX_INVERSE_SCALE);
            out.zero[row] = -least[row] * inverseScale[row];
        }
    }

    private void codes(Tile tile, int maxCode, float[] inverseScale, TileCodes out) {
        kernels.scaleToCodes(tile.values(), tile.rows(), tile.columns(), inverseScale, out.zero, maxCode, out.codes);
    }

    /** The zeros to keep; without mending, the last iteration's codes are left in {@code out}. */
    private float[] refine(Tile tile, int maxCode, float[] inverseScale, TileCodes out) {
        float[] keptZero = out.zero.clone();
        float best = Float.POSITIVE_INFINITY;
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            if (!mend && iteration == ITERATIONS - 1) codes(tile, maxCode, inverseScale, out);
            double sum = kernels.hqqStep(tile.values(), tile.rows(), tile.columns(), inverseScale, out.zero, maxCode);
            float error = (float) (sum / tile.values().length);
            if (error < best) {
                best = error;
                System.arraycopy(out.zero, 0, keptZero, 0, keptZero.length);
            }
        }
        return keptZero;
    }
}
