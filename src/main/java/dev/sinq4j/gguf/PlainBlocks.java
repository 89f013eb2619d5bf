package dev.sinq4j.gguf;

import dev.sinq4j.gguf.block.NonLinearBlock;
import dev.sinq4j.tensor.BFloat16;

/**
 * Blocks with one scale, {@code d}, and perhaps one offset, {@code m}, both fp16; everything else in fp32.
 *
 * <pre>
 *   Q4_0    d, 16 bytes            w = (q - 8) d        byte k holds elements k (low nibble) and k + 16 (high)
 *   Q4_1    d, m, 16 bytes         w = q d + m
 *   Q5_0    d, 32 bits, 16 bytes   w = (q - 16) d       bit k is element k's fifth
 *   Q5_1    d, m, 32 bits, 16 bytes    w = q d + m
 *   Q8_0    d, 32 signed bytes     w = q d
 *   IQ4_NL  d, 16 bytes            w = level(q) d
 * </pre>
 *
 * Source: ggml's format, as the Python package gguf 0.19 decodes it.
 */
final class PlainBlocks {

    private static final int HALF = 16;

    private PlainBlocks() {}

    static float half(byte[] block, int at) {
        return Float.float16ToFloat((short) ((block[at] & 0xFF) | block[at + 1] << 8));
    }

    static void f32(byte[] block, float[] target, int offset) {
        int bits = (block[0] & 0xFF) | (block[1] & 0xFF) << 8 | (block[2] & 0xFF) << 16 | block[3] << 24;
        target[offset] = Float.intBitsToFloat(bits);
    }

    static void f16(byte[] block, float[] target, int offset) {
        target[offset] = half(block, 0);
    }

    static void bf16(byte[] block, float[] target, int offset) {
        target[offset] = BFloat16.toFloat((short) ((block[0] & 0xFF) | block[1] << 8));
    }

    static void q4Symmetric(byte[] block, float[] target, int offset) {
        float d = half(block, 0);
        for (int k = 0; k < HALF; k++) {
            target[offset + k] = ((block[2 + k] & 0xF) - 8) * d;
            target[offset + k + HALF] = ((block[2 + k] >> 4 & 0xF) - 8) * d;
        }
    }

    static void q4Affine(byte[] block, float[] target, int offset) {
        float d = half(block, 0);
        float m = half(block, 2);
        for (int k = 0; k < HALF; k++) {
            target[offset + k] = (block[4 + k] & 0xF) * d + m;
            target[offset + k + HALF] = (block[4 + k] >> 4 & 0xF) * d + m;
        }
    }

    static void q5Symmetric(byte[] block, float[] target, int offset) {
        float d = half(block, 0);
        for (int k = 0; k < 2 * HALF; k++) target[offset + k] = (fiveBits(block, 2, k) - 16) * d;
    }

    static void q5Affine(byte[] block, float[] target, int offset) {
        float d = half(block, 0);
        float m = half(block, 2);
        for (int k = 0; k < 2 * HALF; k++) target[offset + k] = fiveBits(block, 4, k) * d + m;
    }

    private static int fiveBits(byte[] block, int at, int k) {
        int high = block[at + k / 8] >> (k % 8) & 1;
        int low = block[at + 4 + k % HALF] >> (k < HALF ? 0 : 4) & 0xF;
        return high << 4 | low;
    }

    static void q8(byte[] block, float[] target, int offset) {
        float d = half(block, 0);
        for (int k = 0; k < 2 * HALF; k++) target[offset + k] = block[2 + k] * d;
    }

    static void iq4(byte[] block, float[] target, int offset) {
        float d = half(block, 0);
        for (int k = 0; k < HALF; k++) {
            target[offset + k] = NonLinearBlock.level(block[2 + k] & 0xF) * d;
            target[offset + k + HALF] = NonLinearBlock.level(block[2 + k] >> 4 & 0xF) * d;
        }
    }
}
