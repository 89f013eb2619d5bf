package dev.sinq4j.weight;

import dev.sinq4j.tensor.Tensor;

/**
 * A weight stored number by number.
 *
 * @param tensor      the matrix: F32, F16 or BF16
 * @param storedBytes bytes to account for it: the tensor's own, or those of the block format a fake-quantized weight stands for
 */
public record DenseWeight(Tensor tensor, long storedBytes) implements Weight {

    /** A weight that is what it seems. */
    public DenseWeight(Tensor tensor) {
        this(tensor, tensor.data().byteSize());
    }

    @Override
    public int rows() {
        return tensor.rows();
    }

    @Override
    public int columns() {
        return tensor.columns();
    }
}
