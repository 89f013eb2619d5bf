package dev.sinq4j.gguf;

import dev.sinq4j.gguf.block.BlockEncoder;
import dev.sinq4j.gguf.block.NonLinearBlock;
import dev.sinq4j.gguf.block.PlainNumbers;
import dev.sinq4j.gguf.block.ScaledBlocks;
import dev.sinq4j.gguf.block.ThreeBitBlock;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a tensor's elements are stored: in blocks of some elements of one row, each block with its own scales. */
public enum GgufType {
    F32(0, 1, 4, PlainBlocks::f32, PlainNumbers::f32),
    F16(1, 1, 2, PlainBlocks::f16, PlainNumbers::f16),
    Q4_0(2, 32, 18, PlainBlocks::q4Symmetric, ScaledBlocks::q4Symmetric),
    Q4_1(3, 32, 20, PlainBlocks::q4Affine, ScaledBlocks::q4Affine),
    Q5_0(6, 32, 22, PlainBlocks::q5Symmetric, ScaledBlocks::q5Symmetric),
    Q5_1(7, 32, 24, PlainBlocks::q5Affine, ScaledBlocks::q5Affine),
    Q8_0(8, 32, 34, PlainBlocks::q8, ScaledBlocks::q8),
    Q2_K(10, 256, 84, SuperBlocks::q2, null),
    Q3_K(11, 256, 110, SuperBlocks::q3, ThreeBitBlock::encode),
    Q4_K(12, 256, 144, SuperBlocks::q4, null),
    Q5_K(13, 256, 176, SuperBlocks::q5, null),
    Q6_K(14, 256, 210, SuperBlocks::q6, null),
    IQ4_NL(20, 32, 18, PlainBlocks::iq4, NonLinearBlock::encode),
    IQ4_XS(23, 256, 136, SuperBlocks::iq4, null),
    BF16(30, 1, 2, PlainBlocks::bf16, PlainNumbers::bf16);

    private final int id;
    private final int elements;
    private final int bytes;
    private final BlockDecoder decoder;
    private final @Nullable BlockEncoder encoder;

    GgufType(int id, int elements, int bytes, BlockDecoder decoder, @Nullable BlockEncoder encoder) {
        this.id = id;
        this.elements = elements;
        this.bytes = bytes;
        this.decoder = decoder;
        this.encoder = encoder;
    }

    /** Elements of one block. */
    public int elementsPerBlock() {
        return elements;
    }

    /** Bytes of one block, scales included. */
    public int bytesPerBlock() {
        return bytes;
    }

    /** Number in a file's header. */
    public int id() {
        return id;
    }

    /** Bytes of {@code count} elements, whole blocks of them. */
    public long bytes(long count) {
        return count / elements * bytes;
    }

    /** Whether {@link #encode} can write this type; the others can only be read. */
    public boolean encodes() {
        return encoder != null;
    }

    /**
     * Rounds numbers to blocks.
     *
     * @param source finite numbers; not modified
     * @param count  numbers from {@code offset} on, a multiple of {@link #elementsPerBlock}
     * @param target {@link #bytes} of them are overwritten from {@code at} on
     * @throws UnsupportedOperationException if not {@link #encodes}
     */
    public void encode(float[] source, int offset, int count, byte[] target, int at) {
        if (encoder == null) throw new UnsupportedOperationException(this + " can be read, not written");
        if (count % elements != 0)
            throw new IllegalArgumentException(
                    count + " numbers do not divide into " + this + " blocks of " + elements);
        for (int block = 0; block < count / elements; block++)
            encoder.encode(source, offset + block * elements, target, at + block * bytes);
    }

    /** Widens blocks to fp32: the inverse of {@link #encode} up to its rounding. */
    public void decode(byte[] source, int at, int count, float[] target, int offset) {
        for (int block = 0; block < count / elements; block++) {
            int first = at + block * bytes;
            decoder.decode(Arrays.copyOfRange(source, first, first + bytes), target, offset + block * elements);
        }
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
