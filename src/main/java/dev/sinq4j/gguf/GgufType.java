package dev.sinq4j.gguf;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a tensor's elements are stored: in blocks of some elements of one row, each block with its own scales. */
public enum GgufType {
    F32(0, 1, 4, PlainBlocks::f32),
    F16(1, 1, 2, PlainBlocks::f16),
    Q4_0(2, 32, 18, PlainBlocks::q4Symmetric),
    Q4_1(3, 32, 20, PlainBlocks::q4Affine),
    Q5_0(6, 32, 22, PlainBlocks::q5Symmetric),
    Q5_1(7, 32, 24, PlainBlocks::q5Affine),
    Q8_0(8, 32, 34, PlainBlocks::q8),
    Q2_K(10, 256, 84, SuperBlocks::q2),
    Q3_K(11, 256, 110, SuperBlocks::q3),
    Q4_K(12, 256, 144, SuperBlocks::q4),
    Q5_K(13, 256, 176, SuperBlocks::q5),
    Q6_K(14, 256, 210, SuperBlocks::q6),
    IQ4_NL(20, 32, 18, PlainBlocks::iq4),
    IQ4_XS(23, 256, 136, SuperBlocks::iq4),
    BF16(30, 1, 2, PlainBlocks::bf16);

    private final int id;
    private final int elements;
    private final int bytes;
    private final BlockDecoder decoder;

    GgufType(int id, int elements, int bytes, BlockDecoder decoder) {
        this.id = id;
        this.elements = elements;
        this.bytes = bytes;
        this.decoder = decoder;
    }

    /** Elements of one block. */
    public int elementsPerBlock() {
        return elements;
    }

    /** Bytes of one block, scales included. */
    public int bytesPerBlock() {
        return bytes;
    }

    BlockDecoder decoder() {
        return decoder;
    }

    static Optional<GgufType> of(long id) {
        return Arrays.stream(values()).filter(type -> type.id == id).findFirst();
    }

    static String all() {
        return Arrays.stream(values()).map(GgufType::name).collect(Collectors.joining(", "));
    }
}
