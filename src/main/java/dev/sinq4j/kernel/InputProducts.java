package dev.sinq4j.kernel;

/**
 * One layer's inputs, laid out once to be multiplied by many weights. Several threads may multiply at a time. Every output is
 * one chain of fp32 operations over ascending columns, whatever the sizes around it.
 */
public interface InputProducts extends AutoCloseable {

    /** Numbers from one row of the products to the next, at least as many as there are tokens. */
    int stride();

    /**
     * {@code out(i, t) = sum over j of weight(i, j) x(t, j)}, fp32.
     *
     * @param weight (rows, columns)
     * @param out    (rows, stride), overwritten; what lies past the tokens means nothing
     */
    void multiply(float[] weight, int rows, float[] out);

    @Override
    void close();
}
