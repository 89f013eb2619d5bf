package dev.sinq4j.quant;

import dev.sinq4j.method.SinqFamily;

/**
 * Our mending of rows that lie far from zero compared with their width, such as rows of equal values. The reference gives
 * them a zero of thousands of codes, which overflows fp16, or stretches the one 8-bit group that all zeros of a layer share
 * and so spoils every other row. Such a row gets a grid that spans zero instead, as if it had one element 0 more: its zero
 * is then a code, and its values keep half the grid's step, a constant row its value but for fp16 rounding of the scale.
 *
 * <p>How many ranges a row may lie from zero before that happens depends on how zeros are stored; within, which is practically
 * all rows, we round as the reference does.
 */
final class GridThroughZero {

    /** Where 8-bit zeros are: a row this far away has stretched their group to five times what it needs to be. */
    private static final float MARGIN_INT8 = 2;

    private static final float LARGEST_HALF = 65504;

    private GridThroughZero() {}

    /**
     * Ranges that a row may lie from zero.
     *
     * @param width of the range in units of the zero: the largest code, or 2 for a codebook from -1 to 1
     */
    static float margin(SinqFamily method, float width) {
        if (method.referenceExact()) return Float.POSITIVE_INFINITY;
        return switch (method.aux()) {
            case INT8 -> MARGIN_INT8;
            case FP16 -> LARGEST_HALF / width - 1;
            case FP32 -> Float.POSITIVE_INFINITY;
        };
    }

    /** Whether a uniform grid with this zero has the number 0 more than {@code margin} ranges outside. */
    static boolean needed(float zero, int maxCode, float margin) {
        return !(zero >= -margin * maxCode && zero <= (1 + margin) * maxCode);
    }

    /** Rounds one row of {@code tile} on an asymmetric uniform grid that spans zero. */
    static void round(Tile tile, int row, int maxCode, TileCodes out) {
        int first = row * tile.columns();
        float least = 0;
        float most = 0;
        for (int j = 0; j < tile.columns(); j++) {
            least = Math.min(least, tile.values()[first + j]);
            most = Math.max(most, tile.values()[first + j]);
        }
        float scale = Math.max(most - least, AsymmetricRounding.MIN_RANGE) / maxCode;
        float zero = -(float) Math.rint(least / scale);
        for (int j = 0; j < tile.columns(); j++) {
            double code = Math.rint(tile.values()[first + j] / scale + zero);
            out.codes[first + j] = (byte) Math.clamp(code, 0.0, (double) maxCode);
        }
        out.scale[row] = scale;
        out.zero[row] = zero;
        out.gridsThroughZero++;
    }
}
