package dev.sinq4j.checkpoint;

import dev.sinq4j.tensor.BFloat16;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** F32, F16 and BF16 into each other, rounded to nearest, ties to even. */
final class WeightConversion {

    private static final int CHUNK = 1 << 16;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private WeightConversion() {}

    /** The same numbers in another type; the tensor itself where it has that type already. */
    static Tensor convert(Tensor tensor, DType dtype, Arena arena) {
        if (tensor.dtype() == dtype) return tensor;
        MemorySegment data = arena.allocate(tensor.elements() * dtype.bytes(), 64);
        float[] chunk = new float[(int) Math.min(CHUNK, tensor.elements())];
        for (long first = 0; first < tensor.elements(); first += CHUNK) {
            int count = (int) Math.min(CHUNK, tensor.elements() - first);
            tensor.read(first, count, chunk, 0);
            write(chunk, count, dtype, data, first);
        }
        return new Tensor(tensor.name(), dtype, tensor.shape(), data);
    }

    /** Writes {@code count} numbers of {@code values}, the first at element {@code first} of {@code target}. */
    static void write(float[] values, int count, DType dtype, MemorySegment target, long first) {
        switch (dtype) {
            case F32 -> MemorySegment.copy(values, 0, target, FLOAT, first * 4, count);
            case BF16 -> {
                for (int i = 0; i < count; i++) target.set(SHORT, (first + i) * 2, BFloat16.fromFloat(values[i]));
            }
            case F16 -> {
                for (int i = 0; i < count; i++) target.set(SHORT, (first + i) * 2, Float.floatToFloat16(values[i]));
            }
            default -> throw new IllegalArgumentException("weights are F32, F16 or BF16, not " + dtype);
        }
    }
}
