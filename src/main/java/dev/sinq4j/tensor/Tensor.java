package dev.sinq4j.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A named block of numbers in off-heap memory, as it is stored: row-major, little-endian, possibly unaligned.
 *
 * @param name  the tensor's name in its file
 * @param dtype element type
 * @param shape sizes, outermost first; empty for a scalar
 * @param data  exactly {@code elements * dtype.bytes()} bytes; owned by whoever opened the file, not by this record
 */
public record Tensor(String name, DType dtype, List<Long> shape, MemorySegment data) {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    public Tensor {
        shape = List.copyOf(shape);
        long expected = elements(shape) * dtype.bytes();
        if (data.byteSize() != expected)
            throw new IllegalArgumentException("tensor '" + name + "': " + dtype + shape + " takes " + expected
                    + " bytes, not " + data.byteSize());
    }

    /** Number of elements; 1 for a scalar. */
    public long elements() {
        return elements(shape);
    }

    /**
     * Gives the physical memory of numbers in a mapped file back; they are read from the file again when they are touched. Does
     * nothing to numbers that lie elsewhere.
     */
    public void release() {
        if (data.isMapped() && data.byteSize() > 0) data.unload();
    }

    /** Size of the outermost dimension of a matrix (out_features of a linear layer). */
    public int rows() {
        requireMatrix();
        return Math.toIntExact(shape.get(0));
    }

    /** Size of the inner dimension of a matrix (in_features of a linear layer). */
    public int columns() {
        requireMatrix();
        return Math.toIntExact(shape.get(1));
    }

    /** Copies {@code count} elements from {@code first} on, widened to fp32, into {@code target} at {@code offset}. */
    public void read(long first, int count, float[] target, int offset) {
        switch (dtype) {
            case F32 -> MemorySegment.copy(data, FLOAT, first * 4, target, offset, count);
            case BF16 -> {
                for (int i = 0; i < count; i++) target[offset + i] = BFloat16.toFloat(data.get(SHORT, (first + i) * 2));
            }
            case F16 -> {
                for (int i = 0; i < count; i++)
                    target[offset + i] = Float.float16ToFloat(data.get(SHORT, (first + i) * 2));
            }
            default ->
                throw new IllegalArgumentException("tensor '" + name + "': " + dtype + " cannot be read as fp32");
        }
    }

    /** All elements widened to fp32; for norms and other small tensors. */
    public float[] floats() {
        float[] values = new float[Math.toIntExact(elements())];
        read(0, values.length, values, 0);
        return values;
    }

    private void requireMatrix() {
        if (shape.size() != 2) throw new IllegalArgumentException("tensor '" + name + "' is no matrix: " + shape);
    }

    private static long elements(List<Long> shape) {
        long product = 1;
        for (long size : shape) product = Math.multiplyExact(product, size);
        return product;
    }
}
