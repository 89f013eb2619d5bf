package dev.sinq4j.gguf.block;

import java.util.Arrays;

/**
 * Q3_K: 256 numbers in 16 parts of 16, each with a signed 6-bit scale; codes from -4 to 3. No importance matrix. All arithmetic
 * in fp32 in the order written, {@code nearest} with ties to even.
 *
 * <pre>
 *   of a part      l = clamp(nearest(-4 w / x), -4, 3), x the first number of largest size, its sign kept
 *                  at most 5 times over all elements: l' = nearest(w B / A), A = sum w^3 l, B = sum w^2 l^2 without the element;
 *                  taken where A^2 / B grows;  scale = A / B
 *   of the block   1 / d = -32 / s, s the first scale of largest size;  sub-scale = clamp(nearest(scale (1 / d)), -32, 31)
 *   at last        l = clamp(nearest(w / (fp16(d) sub-scale)), -4, 3)
 * </pre>
 *
 * <p>Source: ggml's {@code quantize_row_q3_K_ref} and {@code make_q3_quants}, {@code ggml-quants.c}.
 */
public final class ThreeBitBlock {

    private static final int SIZE = 256;
    private static final int PART = 16;
    private static final int PARTS = SIZE / PART;
    private static final int SWEEPS = 5;
    /** Parts with nothing larger are all zero. */
    private static final float NEGLIGIBLE = 1e-15f;

    private static final int CODES = 32;
    private static final int SCALES = 96;
    private static final int BLOCK_SCALE = 108;

    private ThreeBitBlock() {}

    /** Third bits 32, codes 64, scales 12, d. */
    public static void encode(float[] source, int offset, byte[] block, int at) {
        float[] scales = new float[PARTS];
        for (int part = 0; part < PARTS; part++) scales[part] = scale(source, offset + part * PART);
        float largest = farthest(scales, 0, PARTS);
        float inverse = -32 / largest;
        float d = largest == 0 ? 0 : Float.float16ToFloat(Float.floatToFloat16(1 / inverse));
        Arrays.fill(block, at, at + BLOCK_SCALE, (byte) 0);
        BlockBytes.half(block, at + BLOCK_SCALE, d);
        for (int part = 0; part < PARTS; part++) {
            int subScale = largest == 0 ? 0 : nearest(scales[part] * inverse, -32, 31);
            putScale(block, at, part, subScale + 32);
            float step = d * subScale;
            for (int k = part * PART; k < (part + 1) * PART; k++)
                putCode(block, at, k, step == 0 ? 4 : nearest(source[offset + k] / step, -4, 3) + 4);
        }
    }

    private static void putScale(byte[] block, int at, int part, int scale) {
        block[at + SCALES + part % 8] |= (byte) ((scale & 0xF) << (part < 8 ? 0 : 4));
        block[at + SCALES + 8 + part % 4] |= (byte) (scale >> 4 << (2 * (part / 4)));
    }

    private static void putCode(byte[] block, int at, int k, int code) {
        block[at + k % 32] |= (byte) (code >> 2 << (k / 32));
        block[at + CODES + k / 128 * 32 + k % 32] |= (byte) ((code & 3) << (2 * (k % 128 / 32)));
    }

    private static float scale(float[] x, int first) {
        float farthest = farthest(x, first, PART);
        if (Math.abs(farthest) < NEGLIGIBLE) return 0;
        float inverse = -4 / farthest;
        Fit fit = new Fit();
        int[] codes = new int[PART];
        for (int i = 0; i < PART; i++) {
            codes[i] = nearest(inverse * x[first + i], -4, 3);
            fit.add(x[first + i], codes[i]);
        }
        for (int sweep = 0; sweep < SWEEPS; sweep++) if (!fit.improve(x, first, codes)) break;
        return fit.codes2 > 0 ? fit.product / fit.codes2 : 0;
    }

    /** Sums over a part, each term weighted with w^2. */
    private static final class Fit {

        private float product; // w l
        private float codes2; // l^2

        void add(float w, int code) {
            float weight = w * w;
            product += weight * w * code;
            codes2 += weight * code * code;
        }

        /** One sweep; whether a code changed. */
        boolean improve(float[] x, int first, int[] codes) {
            boolean changed = false;
            for (int i = 0; i < PART; i++) {
                float w = x[first + i];
                float weight = w * w;
                float otherProduct = product - weight * w * codes[i];
                if (!(otherProduct > 0)) continue;
                float otherCodes2 = codes2 - weight * codes[i] * codes[i];
                int code = nearest(w * otherCodes2 / otherProduct, -4, 3);
                if (code == codes[i]) continue;
                otherProduct += weight * w * code;
                otherCodes2 += weight * code * code;
                if (!(otherCodes2 > 0 && otherProduct * otherProduct * codes2 > product * product * otherCodes2))
                    continue;
                codes[i] = code;
                product = otherProduct;
                codes2 = otherCodes2;
                changed = true;
            }
            return changed;
        }
    }

    private static float farthest(float[] values, int first, int count) {
        float farthest = 0;
        for (int i = first; i < first + count; i++) if (Math.abs(values[i]) > Math.abs(farthest)) farthest = values[i];
        return farthest;
    }

    private static int nearest(float value, int least, int most) {
        return (int) Math.clamp(Math.rint(value), least, most);
    }
}
