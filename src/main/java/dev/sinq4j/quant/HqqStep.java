package dev.sinq4j.quant;

/**
 * One step of the HQQ solver, common to the SINQ reference's variant and the HQQ library.
 *
 * <pre>
 *   shrink(x) = sign(x) max(|x| - |x|^(p - 1) / beta, 0)      p = 0.7, beta = 10
 * </pre>
 *
 * Source: Badri and Shaji 2023; HQQ library 0.2.8.post1, {@code optimize_weights_proximal_legacy}, where beta is meant to
 * grow by kappa but stays. pow is computed in fp64 and rounded once.
 */
final class HqqStep {

    private static final float INVERSE_BETA = 0.1f;
    private static final double EXPONENT = 0.7 - 1;

    /** Just below 0.1^(1/1.3) = 0.1701, where |x| equals |x|^-0.3 / 10: what is smaller shrinks to zero, without a power. */
    private static final float SHRINKS_TO_ZERO = 0.17f;

    private HqqStep() {}

    /**
     * Computes codes from the zeros of {@code out}, then new zeros.
     *
     * @return sum of |w - r| before the zeros changed, accumulated in fp64
     */
    static double run(Tile tile, int maxCode, float[] inverseScale, TileCodes out) {
        double error = 0;
        for (int row = 0, e = 0; row < tile.rows(); row++) {
            float factor = inverseScale[row];
            float zero = out.zero[row];
            double zeros = 0;
            for (int j = 0; j < tile.columns(); j++, e++) {
                float weight = tile.values()[e];
                float code = code(weight, factor, zero, maxCode);
                out.codes[e] = (byte) (int) code;
                float difference = weight - (code - zero) / factor;
                error += Math.abs(difference);
                zeros += code - (weight - shrink(difference)) * factor;
            }
            out.zero[row] = (float) (zeros / tile.columns());
        }
        return error;
    }

    /** Computes codes from the zeros of {@code out}. */
    static void codes(Tile tile, int maxCode, float[] inverseScale, TileCodes out) {
        for (int row = 0, e = 0; row < tile.rows(); row++) {
            for (int j = 0; j < tile.columns(); j++, e++)
                out.codes[e] = (byte) (int) code(tile.values()[e], inverseScale[row], out.zero[row], maxCode);
        }
    }

    private static float code(float weight, float factor, float zero, int maxCode) {
        return (float) Math.clamp(Math.rint(weight * factor + zero), 0.0, (double) maxCode);
    }

    private static float shrink(float x) {
        float magnitude = Math.abs(x);
        if (magnitude < SHRINKS_TO_ZERO) return 0;
        float shrunk = magnitude - INVERSE_BETA * (float) Math.pow(magnitude, EXPONENT);
        return shrunk > 0 ? Math.copySign(shrunk, x) : 0;
    }
}
