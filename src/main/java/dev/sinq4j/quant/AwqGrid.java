package dev.sinq4j.quant;

import dev.sinq4j.method.AuxPrecision;

/**
 * AWQ's asymmetric grid, in fp32.
 *
 * <pre>
 *   scale = max(max(w) - min(w), 1e-5) / (2^bits - 1)           as it will be stored
 *   zero  = clamp(-round(min(w) / scale), 0, 2^bits - 1)
 *   code  = clamp(round(w / scale) + zero, 0, 2^bits - 1)       ties to even
 * </pre>
 *
 * Weights that are all of one sign are cut off where the zero is clamped, as in the library.
 *
 * <p>Source: {@code casper-hansen/AutoAWQ}, {@code AwqQuantizer.pseudo_quantize_tensor}.
 */
record AwqGrid(int bits, AuxPrecision aux) {

    private static final float LEAST_RANGE = 1e-5f;
    /** Smallest fp16 number: no scale is stored as 0. */
    private static final float LEAST_HALF = 0x1p-24f;

    /** The grid of one group of one row. */
    record Fitted(float scale, float zero, int maxCode) {

        int code(float weight) {
            return (int) Math.clamp((float) Math.rint(weight / scale) + zero, 0, maxCode);
        }

        float value(int code) {
            return (code - zero) * scale;
        }
    }

    /** For {@code count} weights from {@code first} on. */
    Fitted fit(float[] weights, int first, int count) {
        int maxCode = (1 << bits) - 1;
        float least = weights[first];
        float most = weights[first];
        for (int j = first + 1; j < first + count; j++) {
            least = Math.min(least, weights[j]);
            most = Math.max(most, weights[j]);
        }
        float scale = Math.max(most - least, LEAST_RANGE) / maxCode;
        if (aux == AuxPrecision.FP16) scale = Math.max(Half.round(scale), LEAST_HALF);
        return new Fitted(scale, (float) Math.clamp(-Math.rint(least / scale), 0, maxCode), maxCode);
    }
}
