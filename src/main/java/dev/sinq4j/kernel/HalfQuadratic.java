package dev.sinq4j.kernel;

/**
 * One number of an HQQ step, in fp32.
 *
 * <pre>
 *   code = clamp(round(w s' + zero), 0, maxCode),  difference = w - (code - zero) / s'
 *   shrink(x) = sign(x) max(|x| - |x|^(p - 1) / beta, 0)      p = 0.7, beta = 10
 * </pre>
 *
 * The power is the root {@code y} of {@code y^-10 = |x|^3}, by Newton's method from a guess that takes the bits of a number for
 * its logarithm. It is sums and products in fp64, hence the same bits on every machine and on the Vector API, and rounded to
 * fp32 once.
 *
 * <p>Source: Badri and Shaji 2023; HQQ library 0.2.8.post1, {@code optimize_weights_proximal_legacy}, where beta is meant to
 * grow by kappa but stays.
 */
final class HalfQuadratic {

    static final float INVERSE_BETA = 0.1f;

    /** Just below 0.1^(1/1.3) = 0.1701, where |x| equals |x|^-0.3 / 10: what is smaller shrinks to zero, without a power. */
    static final float SHRINKS_TO_ZERO = 0.17f;

    /** The bits of x^-0.3 are about this less 0.3 times the bits of x; 0.045 is half of what log2(1 + m) exceeds m by. */
    static final float GUESS_OFFSET = (float) (1.3 * (127 - 0.045) * 0x1p23);

    static final float GUESS_FACTOR = -0.3f;

    /** A guess is at most 4 % off; Newton's method leaves 8e-3, 4e-4, 8e-7, 4e-12, then the rounding of fp64. */
    static final int NEWTON_STEPS = 5;

    private HalfQuadratic() {}

    static float code(float weight, float factor, float zero, int maxCode) {
        return (float) Math.clamp(Math.rint(weight * factor + zero), 0.0, (double) maxCode);
    }

    static float difference(float weight, float factor, float zero, float code) {
        return weight - (code - zero) / factor;
    }

    static float shrink(float x) {
        float magnitude = Math.abs(x);
        if (magnitude < SHRINKS_TO_ZERO) return 0;
        float shrunk = magnitude - INVERSE_BETA * power(magnitude);
        return shrunk > 0 ? Math.copySign(shrunk, x) : 0;
    }

    /** {@code x^-0.3} of a number from {@link #SHRINKS_TO_ZERO} on. */
    static float power(float x) {
        double y = Float.intBitsToFloat((int) (Float.floatToRawIntBits(x) * GUESS_FACTOR + GUESS_OFFSET));
        double wide = x;
        double cube = wide * wide * wide;
        for (int step = 0; step < NEWTON_STEPS; step++) {
            double y2 = y * y;
            double y4 = y2 * y2;
            double y10 = y4 * y4 * y2;
            y += y * ((1 - cube * y10) * 0.1);
        }
        return (float) y;
    }
}
