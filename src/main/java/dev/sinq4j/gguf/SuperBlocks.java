package dev.sinq4j.gguf;

import dev.sinq4j.gguf.block.NonLinearBlock;

/**
 * Blocks of 256 elements whose parts have small scales of their own, multiples of the block's fp16 scale {@code d} (and offsets,
 * multiples of {@code m}). Sizes in bytes; all arithmetic in fp32, in the order written.
 *
 * <pre>
 *   Q2_K    scales 16, codes 64, d, m            16 parts of 16   w = (d s) q - m o       s, o: 4 bits each
 *   Q3_K    third bits 32, codes 64, scales 12, d   16 of 16      w = (d (s - 32)) q      q from -4 to 3
 *   Q4_K    d, m, scales 12, codes 128            8 parts of 32   w = (d s) q - m o       s, o: 6 bits each
 *   Q5_K    d, m, scales 12, fifth bits 32, codes 128   8 of 32   the same
 *   Q6_K    low 128, high 64, scales 16, d       16 parts of 16   w = (d s) (q - 32)
 *   IQ4_XS  d, high scale bits 2, low 4, codes 128  8 of 32       w = (d (s - 32)) level(q)
 * </pre>
 *
 * Source: ggml's format, as the Python package gguf 0.19 decodes it.
 */
final class SuperBlocks {

    private static final int SIZE = 256;

    private SuperBlocks() {}

    static void q2(byte[] block, float[] target, int offset) {
        float d = PlainBlocks.half(block, 80);
        float m = PlainBlocks.half(block, 82);
        for (int k = 0; k < SIZE; k++) {
            int scale = block[k / 16];
            target[offset + k] = d * (scale & 0xF) * twoBits(block, 16, k) - m * (scale >> 4 & 0xF);
        }
    }

    static void q3(byte[] block, float[] target, int offset) {
        float d = PlainBlocks.half(block, 108);
        for (int k = 0; k < SIZE; k++) {
            int part = k / 16;
            int low = block[96 + part % 8] >> (part < 8 ? 0 : 4) & 0xF;
            int high = block[104 + part % 4] >> (2 * (part / 4)) & 3;
            // the third bit says that 4 is not to be taken off
            int code = twoBits(block, 32, k) - ((block[k % 32] >> (k / 32) & 1) == 1 ? 0 : 4);
            target[offset + k] = d * ((high << 4 | low) - 32) * code;
        }
    }

    static void q4(byte[] block, float[] target, int offset) {
        float d = PlainBlocks.half(block, 0);
        float m = PlainBlocks.half(block, 2);
        for (int k = 0; k < SIZE; k++)
            target[offset + k] = d * scale(block, k / 32) * fourBits(block, 16, k) - m * minimum(block, k / 32);
    }

    static void q5(byte[] block, float[] target, int offset) {
        float d = PlainBlocks.half(block, 0);
        float m = PlainBlocks.half(block, 2);
        for (int k = 0; k < SIZE; k++) {
            int code = (block[16 + k % 32] >> (k / 32) & 1) << 4 | fourBits(block, 48, k);
            target[offset + k] = d * scale(block, k / 32) * code - m * minimum(block, k / 32);
        }
    }

    static void q6(byte[] block, float[] target, int offset) {
        float d = PlainBlocks.half(block, 208);
        for (int k = 0; k < SIZE; k++) {
            int low = block[k / 128 * 64 + k % 64] >> (k % 128 < 64 ? 0 : 4) & 0xF;
            int code = (twoBits(block, 128, k) << 4 | low) - 32;
            target[offset + k] = d * block[192 + k / 16] * code;
        }
    }

    static void iq4(byte[] block, float[] target, int offset) {
        float d = PlainBlocks.half(block, 0);
        int highBits = (block[2] & 0xFF) | (block[3] & 0xFF) << 8;
        for (int k = 0; k < SIZE; k++) {
            int part = k / 32;
            int low = block[4 + part / 2] >> (part % 2 == 0 ? 0 : 4) & 0xF;
            int scale = (highBits >> (2 * part) & 3) << 4 | low;
            int code = block[8 + part * 16 + k % 16] >> (k % 32 < 16 ? 0 : 4) & 0xF;
            target[offset + k] = d * (scale - 32) * NonLinearBlock.level(code);
        }
    }

    /** 128 elements in 32 bytes, the first 32 of them in the lowest bits. */
    private static int twoBits(byte[] block, int at, int k) {
        return block[at + k / 128 * 32 + k % 32] >> (2 * (k % 128 / 32)) & 3;
    }

    /** 64 elements in 32 bytes, the first 32 of them in the low nibbles. */
    private static int fourBits(byte[] block, int at, int k) {
        return block[at + k / 64 * 32 + k % 32] >> (k % 64 < 32 ? 0 : 4) & 0xF;
    }

    /** Part 0 to 3: six bits of byte 4 + part; 4 to 7: four bits of byte 8 + part, two from the top of byte part. */
    private static int scale(byte[] block, int part) {
        if (part < 4) return block[4 + part] & 0x3F;
        return (block[8 + part] & 0xF) | (block[part] >> 2 & 0x30);
    }

    /** As {@link #scale}, four bytes on and with the high nibbles. */
    private static int minimum(byte[] block, int part) {
        if (part < 4) return block[8 + part] & 0x3F;
        return (block[8 + part] >> 4 & 0xF) | (block[4 + part] >> 2 & 0x30);
    }
}
