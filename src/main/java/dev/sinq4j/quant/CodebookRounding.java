package dev.sinq4j.quant;

import dev.sinq4j.weight.Grid;

/**
 * Nearest level of a codebook, with a scale and zero per row of a tile.
 *
 * <pre>
 *   mu = mean(w),  scale = max(max|w - mu|, MIN_RANGE),  zero = -mu / scale
 *   code = the nearest level of w / scale + zero, the lower of two equally near
 * </pre>
 *
 * The mean is summed in fp64. Levels are stored rounded to fp16, as the reference decodes them, and chosen by their fp32
 * values. A row farther from zero than {@code margin} times its width gets {@code scale = max|w|, zero = 0}; see
 * {@link GridThroughZero} for why.
 *
 *
 * <p>Source: SINQ reference, {@code dual_shift.quantize_rtn}, modes nf4 and nf3; NF4 is Dettmers et al. 2023 (QLoRA).
 */
record CodebookRounding(int bits, float[] levels, float margin) implements TileRounding {

    private static final float MIN_RANGE = 1e-4f;

    /** A codebook spans -1 to 1. */
    static final float WIDTH = 2;

    static CodebookRounding nf4(float margin) {
        return new CodebookRounding(4, NormalFloat.NF4.clone(), margin);
    }

    static CodebookRounding nf3(float margin) {
        return new CodebookRounding(3, NormalFloat.NF3.clone(), margin);
    }

    @Override
    public Grid grid() {
        return new Grid.Codebook(bits, Half.rounded(levels));
    }

    @Override
    public void round(Tile tile, TileCodes out) {
        for (int row = 0; row < tile.rows(); row++) {
            center(tile, row, out);
            if (Math.abs(out.zero[row]) > 1 + WIDTH * margin) spanZero(tile, row, out);
            roundRow(tile, row, out);
        }
    }

    private static void center(Tile tile, int row, TileCodes out) {
        int first = row * tile.columns();
        double sum = 0;
        for (int j = 0; j < tile.columns(); j++) sum += tile.values()[first + j];
        float mean = (float) (sum / tile.columns());
        float farthest = farthest(tile, row, mean);
        if (farthest < MIN_RANGE && farthest > 0) out.flatRows++;
        out.scale[row] = Math.max(farthest, MIN_RANGE);
        out.zero[row] = -mean / out.scale[row];
    }

    private static void spanZero(Tile tile, int row, TileCodes out) {
        out.scale[row] = farthest(tile, row, 0);
        out.zero[row] = 0;
        out.gridsThroughZero++;
    }

    private static float farthest(Tile tile, int row, float center) {
        int first = row * tile.columns();
        float farthest = 0;
        for (int j = 0; j < tile.columns(); j++)
            farthest = Math.max(farthest, Math.abs(tile.values()[first + j] - center));
        return farthest;
    }

    private void roundRow(Tile tile, int row, TileCodes out) {
        int first = row * tile.columns();
        for (int j = 0; j < tile.columns(); j++) {
            float position = tile.values()[first + j] / out.scale[row] + out.zero[row];
            out.codes[first + j] = nearest(position);
        }
    }

    private byte nearest(float position) {
        int nearest = 0;
        for (int level = 1; level < levels.length; level++) {
            if (Math.abs(position - levels[level]) < Math.abs(position - levels[nearest])) nearest = level;
        }
        return (byte) nearest;
    }
}
