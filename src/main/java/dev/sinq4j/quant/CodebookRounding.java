package dev.sinq4j.quant;

import dev.sinq4j.kernel.TileKernels;
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
 * <p>Source: SINQ reference, {@code dual_shift.quantize_rtn}, modes nf4 and nf3; NF4 is Dettmers et al. 2023 (QLoRA).
 */
record CodebookRounding(int bits, float[] levels, float margin, TileKernels kernels) implements TileRounding {

    private static final float MIN_RANGE = 1e-4f;

    /** A codebook spans -1 to 1. */
    static final float WIDTH = 2;

    static CodebookRounding nf4(float margin, TileKernels kernels) {
        return new CodebookRounding(4, NormalFloat.NF4.clone(), margin, kernels);
    }

    static CodebookRounding nf3(float margin, TileKernels kernels) {
        return new CodebookRounding(3, NormalFloat.NF3.clone(), margin, kernels);
    }

    @Override
    public Grid grid() {
        return new Grid.Codebook(bits, Half.rounded(levels));
    }

    @Override
    public TileTask.Rounding onDevice() {
        return new TileTask.Rounding.Levels(thresholds(), farthest());
    }

    /** Magnitude of a zero from which on a row's grid is made to span zero. */
    private float farthest() {
        return 1 + WIDTH * margin;
    }

    @Override
    public void round(Tile tile, TileCodes out) {
        float[] mean = new float[tile.rows()];
        float[] least = new float[tile.rows()];
        float[] most = new float[tile.rows()];
        kernels.means(tile.values(), tile.rows(), tile.columns(), mean);
        kernels.ranges(tile.values(), tile.rows(), tile.columns(), least, most);
        for (int row = 0; row < tile.rows(); row++) {
            center(row, mean[row], farthest(least[row], most[row], mean[row]), out);
            if (Math.abs(out.zero[row]) > farthest()) spanZero(row, farthest(least[row], most[row], 0), out);
        }
        kernels.roundToLevels(tile.values(), tile.rows(), tile.columns(), out.scale, out.zero, thresholds(), out.codes);
    }

    /** Largest {@code |w - center|} of the row: one of its ends has it, after rounding as before. */
    private static float farthest(float least, float most, float center) {
        return Math.max(Math.abs(least - center), Math.abs(most - center));
    }

    private static void center(int row, float mean, float farthest, TileCodes out) {
        if (farthest < MIN_RANGE && farthest > 0) out.flatRows++;
        out.scale[row] = Math.max(farthest, MIN_RANGE);
        out.zero[row] = -mean / out.scale[row];
    }

    private static void spanZero(int row, float farthest, TileCodes out) {
        out.scale[row] = farthest;
        out.zero[row] = 0;
        out.gridsThroughZero++;
    }

    /** For every level but the lowest, the smallest number that is nearer to it than to the one below, in fp32. */
    private float[] thresholds() {
        float[] thresholds = new float[levels.length - 1];
        for (int level = 0; level < thresholds.length; level++)
            thresholds[level] = threshold(levels[level], levels[level + 1]);
        return thresholds;
    }

    private static float threshold(float lower, float upper) {
        float threshold = (lower + upper) / 2;
        while (nearerToUpper(threshold, lower, upper)) threshold = Math.nextDown(threshold);
        while (!nearerToUpper(threshold, lower, upper)) threshold = Math.nextUp(threshold);
        return threshold;
    }

    private static boolean nearerToUpper(float position, float lower, float upper) {
        return Math.abs(position - upper) < Math.abs(position - lower);
    }
}
