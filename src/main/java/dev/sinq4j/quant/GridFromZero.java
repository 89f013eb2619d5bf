package dev.sinq4j.quant;

import dev.sinq4j.method.AuxPrecision;

/**
 * GPTQ's asymmetric grid: its range always holds 0, so that its zero is a code.
 *
 * <pre>
 *   least = min(w, 0), most = max(w, 0); -1 and 1 where both are 0
 *   scale = (most - least) / (2^bits - 1)                       as it will be stored
 *   zero  = round(-least / scale)                               0 to 2^bits - 1
 *   code  = clamp(round(w / scale) + zero, 0, 2^bits - 1)       ties to even
 * </pre>
 *
 * Source: {@code IST-DASLab/gptq}, {@code quant.py}. There the scale is fp32; here errors are those of the stored scale.
 */
record GridFromZero(int bits, AuxPrecision aux) {

    /** Smallest and largest fp16 number: no scale is stored as 0 or infinity. */
    private static final float LEAST_HALF = 0x1p-24f;

    private static final float MOST_HALF = 65504;

    private int maxCode() {
        return (1 << bits) - 1;
    }

    /** The scale for {@code count} weights from {@code first} on, and through {@code zero[at]} its zero. */
    void fit(double[] weights, int first, int count, float[] scale, float[] zero, int at) {
        double least = 0;
        double most = 0;
        for (int j = first; j < first + count; j++) {
            least = Math.min(least, weights[j]);
            most = Math.max(most, weights[j]);
        }
        if (least == 0 && most == 0) {
            least = -1;
            most = 1;
        }
        scale[at] = stored((float) ((most - least) / maxCode()));
        zero[at] = (float) Math.clamp(Math.rint(-least / scale[at]), 0, maxCode());
    }

    private float stored(float scale) {
        return aux == AuxPrecision.FP16
                ? Math.clamp(Half.round(scale), LEAST_HALF, MOST_HALF)
                : Math.max(scale, Float.MIN_NORMAL);
    }

    /** The code nearest to a weight. */
    int code(double weight, float scale, float zero) {
        return (int) Math.clamp(Math.rint(weight / scale) + zero, 0, maxCode());
    }
}
