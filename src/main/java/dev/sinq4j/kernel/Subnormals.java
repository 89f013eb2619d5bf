package dev.sinq4j.kernel;

/**
 * Whether this processor multiplies subnormal numbers about as fast as others. AMD's do since Zen; Intel's take a hundred
 * cycles more for each. Measured once, within a few milliseconds.
 *
 * <p>Where they are fast, a code masked in a word of zeros needs no conversion: read as fp32 it is the subnormal number {@code
 * code * 2^(shift - 149)}, and a multiply-add with an activation scaled by a power of two is exact up to its one rounding.
 * Results are the same bits either way.
 */
public final class Subnormals {

    private static final float SUBNORMAL = Float.intBitsToFloat(5);
    private static final int PRODUCTS = 1 << 12;
    private static final int ROUNDS = 48;
    private static final int MOST_TIMES = 4;

    private Subnormals() {}

    /** The answer. */
    public static boolean areFast() {
        return Once.FAST;
    }

    private static final class Once {
        static final boolean FAST = measure();
    }

    /** The best of many rounds in turn, so that neither compiling nor an interruption decides. */
    private static boolean measure() {
        long normal = Long.MAX_VALUE;
        long subnormal = Long.MAX_VALUE;
        float sink = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            sink += products(1.5f, 0x1p-30f);
            long middle = System.nanoTime();
            sink += products(SUBNORMAL, 0x1p96f);
            long end = System.nanoTime();
            normal = Math.min(normal, middle - start);
            subnormal = Math.min(subnormal, end - middle);
        }
        return subnormal <= MOST_TIMES * normal && Float.isFinite(sink);
    }

    private static float products(float number, float factor) {
        float sum = 0;
        float varied = factor;
        for (int i = 0; i < PRODUCTS; i++) {
            sum += number * varied;
            varied = -varied;
        }
        return sum;
    }
}
