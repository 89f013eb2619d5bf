package dev.sinq4j.quant;

import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.DenseWeight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A quantized matrix kept as the fp32 numbers it stands for, where its format is none that packed weights have. */
final class FakeWeight {

    private static final int ALIGNMENT = 64;

    private FakeWeight() {}

    /**
     * @param original of the same name and shape
     * @param values   (rows, columns), row-major
     * @param bytes    to account for it
     */
    static DenseWeight of(Tensor original, float[] values, long bytes) {
        // the collector's arena: a quantizer's result has no owner who could close one
        MemorySegment data = Arena.ofAuto().allocate((long) Float.BYTES * values.length, ALIGNMENT);
        MemorySegment.copy(values, 0, data, ValueLayout.JAVA_FLOAT, 0, values.length);
        return new DenseWeight(new Tensor(original.name(), DType.F32, original.shape(), data), bytes);
    }
}
