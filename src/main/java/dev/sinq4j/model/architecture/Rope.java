package dev.sinq4j.model.architecture;

/**
 * Rotary position embedding: pair i of a head is turned by {@code position * frequency(i)}.
 *
 * @param dim     numbers of a head that are rotated, even; the first ones
 * @param theta   base of the frequencies
 * @param scaling how they are stretched for longer texts
 */
public record Rope(int dim, double theta, RopeScaling scaling) {

    /**
     * Angles per position, fp32, as transformers computes them.
     *
     * @param length of the whole sequence; some scalings choose by it
     * @return (dim / 2)
     */
    public float[] frequencies(int length) {
        return scaling.frequencies(dim, theta, length);
    }

    /** Factor on cosines and sines. */
    public float amplitude() {
        return scaling.amplitude();
    }
}
