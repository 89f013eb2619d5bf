package dev.sinq4j.gguf.block;

import dev.sinq4j.tensor.BFloat16;

/** Blocks of one number; fp16 and bf16 round to nearest, ties to even. */
public final class PlainNumbers {

    private PlainNumbers() {}

    /** F32. */
    public static void f32(float[] source, int offset, byte[] block, int at) {
        BlockBytes.thirtyTwoBits(block, at, Float.floatToRawIntBits(source[offset]));
    }

    /** F16; infinite beyond 65504. */
    public static void f16(float[] source, int offset, byte[] block, int at) {
        BlockBytes.half(block, at, source[offset]);
    }

    /** BF16. */
    public static void bf16(float[] source, int offset, byte[] block, int at) {
        BlockBytes.sixteenBits(block, at, BFloat16.fromFloat(source[offset]));
    }
}
