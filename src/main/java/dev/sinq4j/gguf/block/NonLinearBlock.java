package dev.sinq4j.gguf.block;

/**
 * IQ4_NL: 32 numbers with one scale, codes standing for 16 levels that lie closer together near zero. No importance matrix. All
 * arithmetic in fp32 in the order written.
 *
 * <pre>
 *   x the first number of largest size, its sign kept; a code is the nearest level of w / d, the upper of two equally near
 *   with the codes of w (level / x), level = -127, then -134 to -120:  d = A / B, A = sum w^3 level(code), B = sum w^2 level(code)^2
 *   the first d of the largest A^2 / B is kept; the codes are those of w / d
 * </pre>
 *
 * <p>Source: ggml's {@code quantize_iq4_nl}, {@code ggml-quants.c}, which llama-quantize calls; the same levels as in gguf 0.19.
 */
public final class NonLinearBlock {

    private static final int SIZE = 32;
    private static final int TRIES = 7;
    private static final float NEGLIGIBLE = 1e-15f;
    private static final int[] LEVELS = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

    private NonLinearBlock() {}

    /** What a code stands for, before the scale. */
    public static int level(int code) {
        return LEVELS[code];
    }

    /** d, 16 bytes of codes. */
    public static void encode(float[] source, int offset, byte[] block, int at) {
        float d = scale(source, offset);
        BlockBytes.half(block, at, d);
        float inverse = d == 0 ? 0 : 1 / d;
        int[] codes = new int[SIZE];
        for (int k = 0; k < SIZE; k++) codes[k] = nearest(inverse * source[offset + k]);
        BlockBytes.nibbles(block, at + 2, codes);
    }

    private static float scale(float[] x, int offset) {
        float farthest = 0;
        for (int k = offset; k < offset + SIZE; k++) if (Math.abs(x[k]) > Math.abs(farthest)) farthest = x[k];
        if (Math.abs(farthest) < NEGLIGIBLE) return 0;
        Fit fit = Fit.of(x, offset, 1 / (-farthest / LEVELS[0]));
        float d = fit.product / fit.levels2;
        float best = d * fit.product;
        for (int shift = -TRIES; shift <= TRIES; shift++) {
            fit = Fit.of(x, offset, (shift + LEVELS[0]) / farthest);
            if (!(fit.levels2 > 0 && fit.product * fit.product > best * fit.levels2)) continue;
            d = fit.product / fit.levels2;
            best = d * fit.product;
        }
        return d;
    }

    /** Sums over a block, each term weighted with w^2: of w level and of level^2. */
    private record Fit(float product, float levels2) {

        static Fit of(float[] x, int offset, float inverse) {
            float product = 0;
            float levels2 = 0;
            for (int k = offset; k < offset + SIZE; k++) {
                float level = LEVELS[nearest(inverse * x[k])];
                float weight = x[k] * x[k];
                product += weight * level * x[k];
                levels2 += weight * level * level;
            }
            return new Fit(product, levels2);
        }
    }

    private static int nearest(float position) {
        int above = 0;
        while (above < LEVELS.length && position >= LEVELS[above]) above++;
        if (above == 0) return 0;
        if (above == LEVELS.length) return LEVELS.length - 1;
        return position - LEVELS[above - 1] < LEVELS[above] - position ? above - 1 : above;
    }
}
