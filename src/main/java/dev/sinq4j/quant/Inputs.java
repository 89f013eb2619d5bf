package dev.sinq4j.quant;

/**
 * What one linear layer was given on a calibration text.
 *
 * @param values  (tokens, columns), row-major; may be longer
 * @param tokens  rows in use
 * @param columns input features of the layer
 */
public record Inputs(float[] values, int tokens, int columns) {
    public Inputs {
        if (tokens < 1) throw new IllegalArgumentException("inputs of a layer need at least one token, not " + tokens);
        if (values.length < (long) tokens * columns)
            throw new IllegalArgumentException(
                    "inputs: expected " + tokens + " x " + columns + " numbers, found " + values.length);
    }
}
