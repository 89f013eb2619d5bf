package dev.sinq4j.kernel;

/**
 * {@link InputProducts} in plain loops.
 *
 * @param x (tokens, columns)
 */
record ScalarInputProducts(float[] x, int tokens, int columns) implements InputProducts {

    @Override
    public int stride() {
        return tokens;
    }

    @Override
    public void multiply(float[] weight, int rows, float[] out) {
        for (int i = 0; i < rows; i++)
            for (int t = 0; t < tokens; t++) {
                float sum = 0;
                for (int j = 0; j < columns; j++) sum = Math.fma(weight[i * columns + j], x[t * columns + j], sum);
                out[i * tokens + t] = sum;
            }
    }

    @Override
    public void close() {}
}
