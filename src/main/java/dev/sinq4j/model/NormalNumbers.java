package dev.sinq4j.model;

import dev.sinq4j.tensor.BFloat16;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.stream.LongStream;

/**
 * Normally distributed bf16 numbers that depend on seed, name and place alone, so that any part can be made by any thread.
 * 16 random bits choose one of 65536 equally likely quantiles; a 64-bit counter hash (SplitMix64) makes four numbers.
 */
final class NormalNumbers {

    private static final int QUANTILES = 1 << 16;
    private static final long STEP = 0x9E3779B97F4A7C15L;
    private static final long PART = 1 << 20;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final short[] table = new short[QUANTILES];
    private final long start;

    NormalNumbers(long seed, String name, float mean, float standardDeviation) {
        for (int i = 0; i < QUANTILES; i++) {
            double quantile = STANDARD_QUANTILES[i];
            table[i] = BFloat16.fromFloat((float) (mean + standardDeviation * quantile));
        }
        start = mix(seed ^ mix(hash(name)));
    }

    /** Writes {@code elements} bf16 numbers. */
    void fill(MemorySegment target, long elements) {
        LongStream.range(0, Math.ceilDiv(elements, PART))
                .parallel()
                .forEach(part -> fill(target, part * PART, Math.min(elements, (part + 1) * PART)));
    }

    private void fill(MemorySegment target, long from, long to) {
        for (long i = from; i < to; i += 4) {
            long bits = mix(start + (i / 4) * STEP);
            for (long j = i; j < Math.min(i + 4, to); j++, bits >>>= 16)
                target.set(SHORT, 2 * j, table[(int) bits & (QUANTILES - 1)]);
        }
    }

    /** SplitMix64's finalizer. */
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** FNV-1a over UTF-16 units. */
    private static long hash(String name) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < name.length(); i++) hash = (hash ^ name.charAt(i)) * 0x100000001B3L;
        return hash;
    }

    private static final float[] STANDARD_QUANTILES = standardQuantiles();

    /** The middle of each of 65536 slices of equal probability, by walking along the density. */
    private static float[] standardQuantiles() {
        float[] quantiles = new float[QUANTILES];
        double x = 0;
        for (int i = QUANTILES / 2; i < QUANTILES; i++) {
            x = solve((i + 0.5) / QUANTILES, x);
            quantiles[i] = (float) x;
            quantiles[QUANTILES - 1 - i] = (float) -x;
        }
        return quantiles;
    }

    /** Newton's method on the cumulative distribution, from the neighbouring quantile. */
    private static double solve(double probability, double near) {
        double x = near;
        for (int step = 0; step < 4; step++) {
            double density = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
            x -= (cumulative(x) - probability) / density;
        }
        return x;
    }

    /** Normal distribution function for x >= 0, by its power series (exact to rounding for x below 7). */
    private static double cumulative(double x) {
        double term = x;
        double sum = x;
        for (int k = 3; term > 1e-17 * sum; k += 2) {
            term *= x * x / k;
            sum += term;
        }
        return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }
}
