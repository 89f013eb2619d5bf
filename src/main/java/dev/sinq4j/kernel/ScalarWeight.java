package dev.sinq4j.kernel;

/** A weight as the scalar kernels multiply by it. */
sealed interface ScalarWeight extends LinearWeight permits ScalarDense, ScalarPacked {

    /** The input the rows are multiplied with: {@code x} itself, or its transform. x: (tokens, columns). */
    float[] transform(float[] x, int tokens);

    /** The row times the transformed input of one token, rounded to fp32. */
    float dot(int row, float[] input, int token);

    /** y(t, row) for every token. y: (tokens, rows). */
    default void product(int row, float[] input, int tokens, float[] y) {
        for (int t = 0; t < tokens; t++) y[t * rows() + row] = dot(row, input, t);
    }
}
