package dev.sinq4j.kernel;

import dev.sinq4j.tensor.BFloat16;
import dev.sinq4j.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A dense matrix where it lies.
 *
 * @param tensor F32, F16 or BF16, (rows, columns)
 */
record ScalarDense(Tensor tensor) implements ScalarWeight {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    ScalarDense {
        if (!tensor.dtype().isWeight())
            throw new IllegalArgumentException(
                    "tensor '" + tensor.name() + "': a weight is F32, F16 or BF16, not " + tensor.dtype());
    }

    @Override
    public int rows() {
        return tensor.rows();
    }

    @Override
    public int columns() {
        return tensor.columns();
    }

    @Override
    public long bytes() {
        return tensor.data().byteSize();
    }

    @Override
    public float[] transform(float[] x, int tokens) {
        return x;
    }

    @Override
    public float dot(int row, float[] input, int token) {
        int columns = columns();
        long first = (long) row * columns;
        double sum = 0;
        for (int i = 0; i < columns; i++) sum += (double) at(first + i) * input[token * columns + i];
        return (float) sum;
    }

    private float at(long index) {
        return switch (tensor.dtype()) {
            case F32 -> tensor.data().get(FLOAT, index * 4);
            case F16 -> Float.float16ToFloat(tensor.data().get(SHORT, index * 2));
            default -> BFloat16.toFloat(tensor.data().get(SHORT, index * 2));
        };
    }
}
