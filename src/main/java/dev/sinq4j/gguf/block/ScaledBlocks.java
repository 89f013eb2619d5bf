package dev.sinq4j.gguf.block;

/**
 * Blocks of 32 numbers with one scale, {@code d}, and perhaps one offset, {@code m}. All arithmetic in fp32, without fused
 * multiply-add; codes are made with the scale before it is rounded to fp16.
 *
 * <pre>
 *   Q4_0, Q5_0   d = x / -2^(bits - 1), x the first number of largest size, its sign kept
 *                code = min(trunc(w (1 / d) + 2^(bits - 1) + 0.5), 2^bits - 1)
 *   Q4_1, Q5_1   m = min(w), d = (max(w) - m) / (2^bits - 1);  code = min(trunc((w - m) (1 / d) + 0.5), 2^bits - 1)
 *   Q8_0         d = max|w| / 127;  code = round(w (1 / d)), halves away from zero
 * </pre>
 *
 * Where d is 0, 1 / d is taken as 0.
 *
 * <p>Source: ggml's {@code quantize_row_q4_0_ref} and its neighbours in {@code ggml-quants.c}, as the Python package gguf 0.19
 * computes them.
 */
public final class ScaledBlocks {

    private static final int SIZE = 32;
    private static final int Q8_MOST = 127;

    private ScaledBlocks() {}

    /** d, 16 bytes of codes. */
    public static void q4Symmetric(float[] source, int offset, byte[] block, int at) {
        int[] codes = new int[SIZE];
        BlockBytes.half(block, at, symmetric(source, offset, 4, codes));
        BlockBytes.nibbles(block, at + 2, codes);
    }

    /** d, the fifth bits, 16 bytes of codes. */
    public static void q5Symmetric(float[] source, int offset, byte[] block, int at) {
        int[] codes = new int[SIZE];
        BlockBytes.half(block, at, symmetric(source, offset, 5, codes));
        BlockBytes.thirtyTwoBits(block, at + 2, BlockBytes.fifthBits(codes));
        BlockBytes.nibbles(block, at + 6, codes);
    }

    /** d, m, 16 bytes of codes. */
    public static void q4Affine(float[] source, int offset, byte[] block, int at) {
        int[] codes = new int[SIZE];
        affine(source, offset, 4, codes, block, at);
        BlockBytes.nibbles(block, at + 4, codes);
    }

    /** d, m, the fifth bits, 16 bytes of codes. */
    public static void q5Affine(float[] source, int offset, byte[] block, int at) {
        int[] codes = new int[SIZE];
        affine(source, offset, 5, codes, block, at);
        BlockBytes.thirtyTwoBits(block, at + 4, BlockBytes.fifthBits(codes));
        BlockBytes.nibbles(block, at + 8, codes);
    }

    /** d, 32 signed bytes. */
    public static void q8(float[] source, int offset, byte[] block, int at) {
        float d = Math.abs(farthest(source, offset)) / Q8_MOST;
        float inverse = inverse(d);
        BlockBytes.half(block, at, d);
        for (int k = 0; k < SIZE; k++) block[at + 2 + k] = (byte) awayFromZero(source[offset + k] * inverse);
    }

    private static float symmetric(float[] source, int offset, int bits, int[] codes) {
        int middle = 1 << (bits - 1);
        float d = farthest(source, offset) / -middle;
        float inverse = inverse(d);
        for (int k = 0; k < SIZE; k++)
            codes[k] = Math.min((int) (source[offset + k] * inverse + (middle + 0.5f)), 2 * middle - 1);
        return d;
    }

    private static void affine(float[] source, int offset, int bits, int[] codes, byte[] block, int at) {
        int most = (1 << bits) - 1;
        float least = source[offset];
        float largest = source[offset];
        for (int k = 1; k < SIZE; k++) {
            least = Math.min(least, source[offset + k]);
            largest = Math.max(largest, source[offset + k]);
        }
        float d = (largest - least) / most;
        float inverse = inverse(d);
        for (int k = 0; k < SIZE; k++) codes[k] = Math.min((int) ((source[offset + k] - least) * inverse + 0.5f), most);
        BlockBytes.half(block, at, d);
        BlockBytes.half(block, at + 2, least);
    }

    private static float farthest(float[] source, int offset) {
        float farthest = 0;
        for (int k = 0; k < SIZE; k++)
            if (Math.abs(source[offset + k]) > Math.abs(farthest)) farthest = source[offset + k];
        return farthest;
    }

    private static float inverse(float d) {
        return d == 0 ? 0 : 1 / d;
    }

    private static int awayFromZero(float value) {
        float size = Math.abs(value);
        int whole = (int) size;
        int rounded = size - whole >= 0.5f ? whole + 1 : whole;
        return value < 0 ? -rounded : rounded;
    }
}
