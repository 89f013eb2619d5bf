package dev.sinq4j.checkpoint;

import dev.sinq4j.quant.Dequantizer;
import dev.sinq4j.quant.Dequantizer.Order;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.InputTransform;
import dev.sinq4j.weight.PackedWeight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A packed weight as the plain matrix it stands for. Rounded as the reference rounds when it computes in that type, so that
 * a dense copy gives what the quantized model gives; a rotation of the input is folded into the rows, in fp32.
 */
final class DenseRows {

    private DenseRows() {}

    /** @param dtype F32, F16 or BF16 */
    static Tensor tensor(String name, PackedWeight weight, DType dtype, Arena arena) {
        long elements = (long) weight.rows() * weight.columns();
        MemorySegment data = arena.allocate(elements * dtype.bytes(), 64);
        // a rotated matrix is the reference's in no type
        boolean rotated = weight.inputTransform() instanceof InputTransform.Hadamard;
        Dequantizer rows = new Dequantizer(weight, rotated ? Order.FP32 : order(dtype));
        float[] row = new float[weight.columns()];
        for (int i = 0; i < weight.rows(); i++) {
            rows.row(i, row, 0);
            WeightConversion.write(row, row.length, dtype, data, (long) i * row.length);
        }
        return new Tensor(name, dtype, List.of((long) weight.rows(), (long) weight.columns()), data);
    }

    private static Order order(DType dtype) {
        return switch (dtype) {
            case F16 -> Order.REFERENCE_FP16;
            case BF16 -> Order.REFERENCE_BF16;
            default -> Order.FP32;
        };
    }
}
