package dev.sinq4j.engine;

/**
 * Bytes of a model's weights.
 *
 * @param stored           in a file: all matrices, embedding, norms, biases; a tied head counted once
 * @param quantizable      in a file: the matrices that methods may quantize
 * @param quantizableCount numbers in those matrices
 * @param laidOut          in memory, as the backend lays everything out
 */
public record ModelBytes(long stored, long quantizable, long quantizableCount, long laidOut) {

    static final ModelBytes NONE = new ModelBytes(0, 0, 0, 0);

    /** Stored bits of a number in a quantizable matrix, scales and zeros included. */
    public double bitsPerWeight() {
        return 8.0 * quantizable / quantizableCount;
    }

    /** Of two parts of a model. */
    public ModelBytes plus(ModelBytes other) {
        return new ModelBytes(
                stored + other.stored,
                quantizable + other.quantizable,
                quantizableCount + other.quantizableCount,
                laidOut + other.laidOut);
    }
}
