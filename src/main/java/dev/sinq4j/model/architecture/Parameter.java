package dev.sinq4j.model.architecture;

import java.util.List;

/**
 * A tensor that is no linear layer's matrix: an embedding, a norm's weight, a bias, a scalar of an activation function.
 *
 * @param name     in the model's files
 * @param shape    outermost first; empty for a scalar
 * @param typical  the number a synthetic model draws values around: 1 for a norm, 0 for an embedding
 * @param constant whether it was never learned and only stands in the files, so that nobody counts it
 */
public record Parameter(String name, List<Long> shape, float typical, boolean constant) {

    /** A tensor that was learned. */
    public Parameter(String name, List<Long> shape, float typical) {
        this(name, shape, typical, false);
    }

    public Parameter {
        shape = List.copyOf(shape);
    }

    /** Number of elements; 1 for a scalar. */
    public long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }
}
