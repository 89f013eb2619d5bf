package dev.sinq4j.model.architecture;

import java.util.List;

/**
 * A tensor that is no linear layer's matrix: an embedding, a norm's weight, a bias, a scalar of an activation function.
 *
 * @param name     in the model's files
 * @param shape    outermost first; empty for a scalar
 * @param typical  the number a synthetic model draws values around: 1 for a norm, 0 for an embedding
 * @param shift    added to the stored numbers before they are used (Gemma stores a norm's weight less 1)
 * @param constant whether it was never learned and only stands in the files, so that nobody counts it
 */
public record Parameter(String name, List<Long> shape, float typical, float shift, boolean constant) {

    /** A tensor that was learned and is used as it is stored. */
    public Parameter(String name, List<Long> shape, float typical) {
        this(name, shape, typical, 0, false);
    }

    public Parameter {
        shape = List.copyOf(shape);
    }

    /** The same tensor, whose stored numbers lie around {@code typical - shift} and are used with {@code shift} added. */
    public Parameter storedLess(float shift) {
        return new Parameter(name, shape, typical - shift, shift, constant);
    }

    /** Number of elements; 1 for a scalar. */
    public long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }
}
