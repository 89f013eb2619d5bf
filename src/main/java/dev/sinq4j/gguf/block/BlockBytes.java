package dev.sinq4j.gguf.block;

/** Little-endian fields and nibbles of a block. */
final class BlockBytes {

    private BlockBytes() {}

    static void half(byte[] block, int at, float value) {
        sixteenBits(block, at, Float.floatToFloat16(value));
    }

    static void sixteenBits(byte[] block, int at, short bits) {
        block[at] = (byte) bits;
        block[at + 1] = (byte) (bits >> 8);
    }

    static void thirtyTwoBits(byte[] block, int at, int bits) {
        for (int b = 0; b < Integer.BYTES; b++) block[at + b] = (byte) (bits >> (8 * b));
    }

    /** 32 codes, four bits of each: byte k holds code k (low) and code k + 16 (high). */
    static void nibbles(byte[] block, int at, int[] codes) {
        for (int k = 0; k < 16; k++) block[at + k] = (byte) ((codes[k] & 0xF) | (codes[k + 16] & 0xF) << 4);
    }

    /** The fifth bit of each of 32 codes. */
    static int fifthBits(int[] codes) {
        int bits = 0;
        for (int k = 0; k < 32; k++) bits |= (codes[k] >> 4 & 1) << k;
        return bits;
    }
}
