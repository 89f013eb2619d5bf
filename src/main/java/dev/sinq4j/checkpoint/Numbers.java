package dev.sinq4j.checkpoint;

import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Java arrays to stored tensors and back, little-endian. The tensors made here lie on the heap. */
final class Numbers {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Numbers() {}

    static Tensor tensor(String name, DType dtype, List<Long> shape, byte[] bytes) {
        return new Tensor(name, dtype, shape, MemorySegment.ofArray(bytes));
    }

    /** @param dtype F16 or BF16 */
    static Tensor tensor(String name, DType dtype, List<Long> shape, short[] bits) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * bits.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(bits);
        return tensor(name, dtype, shape, bytes.array());
    }

    static Tensor tensor(String name, List<Long> shape, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return tensor(name, DType.F32, shape, bytes.array());
    }

    static byte[] bytes(Tensor tensor) {
        return tensor.data().toArray(ValueLayout.JAVA_BYTE);
    }

    static short[] shorts(Tensor tensor) {
        return tensor.data().toArray(SHORT);
    }
}
