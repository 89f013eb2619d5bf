package dev.sinq4j.method;

/** A block format of llama.cpp: so many weights of a row in so many bytes, scales included. */
public enum BlockFormat {
    Q4_0(4, 32, 18),
    Q4_1(4, 32, 20),
    Q5_0(5, 32, 22),
    Q8_0(8, 32, 34),
    Q3_K(3, 256, 110),
    IQ4_NL(4, 32, 18),
    F16(16, 1, 2);

    private final int bits;
    private final int block;
    private final int bytes;

    BlockFormat(int bits, int block, int bytes) {
        this.bits = bits;
        this.block = block;
        this.bytes = bytes;
    }

    /** Bits of a code. */
    public int bits() {
        return bits;
    }

    /** Weights of a block. */
    public int block() {
        return block;
    }

    /** Bytes of a block. */
    public int bytes() {
        return bytes;
    }

    /**
     * What llama-quantize takes for a matrix whose rows do not divide into this format's blocks: for Q3_K it is IQ4_NL, and
     * where that does not fit either, or for any other format, F16.
     *
     * <p>Source: {@code ggml-org/llama.cpp}, {@code src/llama-quant.cpp}, the fallback of incompatible tensors.
     */
    public BlockFormat fitting(int columns) {
        if (columns % block == 0) return this;
        return this == Q3_K ? IQ4_NL.fitting(columns) : F16;
    }
}
