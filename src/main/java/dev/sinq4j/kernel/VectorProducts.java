package dev.sinq4j.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code out = x weight^T} in fp32, four tokens by four rows at a time, with the tokens in blocks that stay in the cache
 * while the rows go by. Every sum runs over the columns lane by lane, then over the lanes.
 */
final class VectorProducts {

    private static final VectorSpecies<Float> F32 = FloatVector.SPECIES_PREFERRED;
    private static final int SIDE = 4;
    private static final int TOKEN_BLOCK = 32;

    private VectorProducts() {}

    static void run(float[] x, int tokens, float[] weight, int rows, int columns, float[] out) {
        int fullTokens = tokens - tokens % SIDE;
        int fullRows = rows - rows % SIDE;
        for (int block = 0; block < fullTokens; block += TOKEN_BLOCK) {
            int end = Math.min(block + TOKEN_BLOCK, fullTokens);
            for (int i = 0; i < fullRows; i += SIDE)
                for (int t = block; t < end; t += SIDE) fourByFour(x, t, weight, i, columns, out, rows);
        }
        single(x, 0, fullTokens, weight, fullRows, rows, columns, out);
        single(x, fullTokens, tokens, weight, 0, rows, columns, out);
    }

    private static void fourByFour(float[] x, int t, float[] w, int i, int columns, float[] out, int rows) {
        FloatVector a00 = FloatVector.zero(F32), a01 = a00, a02 = a00, a03 = a00;
        FloatVector a10 = a00, a11 = a00, a12 = a00, a13 = a00;
        FloatVector a20 = a00, a21 = a00, a22 = a00, a23 = a00;
        FloatVector a30 = a00, a31 = a00, a32 = a00, a33 = a00;
        int x0 = t * columns;
        int x1 = x0 + columns;
        int x2 = x1 + columns;
        int x3 = x2 + columns;
        int w0 = i * columns;
        int w1 = w0 + columns;
        int w2 = w1 + columns;
        int w3 = w2 + columns;
        int end = F32.loopBound(columns);
        for (int j = 0; j < end; j += F32.length()) {
            FloatVector v0 = FloatVector.fromArray(F32, w, w0 + j);
            FloatVector v1 = FloatVector.fromArray(F32, w, w1 + j);
            FloatVector v2 = FloatVector.fromArray(F32, w, w2 + j);
            FloatVector v3 = FloatVector.fromArray(F32, w, w3 + j);
            FloatVector u = FloatVector.fromArray(F32, x, x0 + j);
            a00 = u.fma(v0, a00);
            a01 = u.fma(v1, a01);
            a02 = u.fma(v2, a02);
            a03 = u.fma(v3, a03);
            u = FloatVector.fromArray(F32, x, x1 + j);
            a10 = u.fma(v0, a10);
            a11 = u.fma(v1, a11);
            a12 = u.fma(v2, a12);
            a13 = u.fma(v3, a13);
            u = FloatVector.fromArray(F32, x, x2 + j);
            a20 = u.fma(v0, a20);
            a21 = u.fma(v1, a21);
            a22 = u.fma(v2, a22);
            a23 = u.fma(v3, a23);
            u = FloatVector.fromArray(F32, x, x3 + j);
            a30 = u.fma(v0, a30);
            a31 = u.fma(v1, a31);
            a32 = u.fma(v2, a32);
            a33 = u.fma(v3, a33);
        }
        int o = t * rows + i;
        out[o] = a00.reduceLanes(VectorOperators.ADD);
        out[o + 1] = a01.reduceLanes(VectorOperators.ADD);
        out[o + 2] = a02.reduceLanes(VectorOperators.ADD);
        out[o + 3] = a03.reduceLanes(VectorOperators.ADD);
        o += rows;
        out[o] = a10.reduceLanes(VectorOperators.ADD);
        out[o + 1] = a11.reduceLanes(VectorOperators.ADD);
        out[o + 2] = a12.reduceLanes(VectorOperators.ADD);
        out[o + 3] = a13.reduceLanes(VectorOperators.ADD);
        o += rows;
        out[o] = a20.reduceLanes(VectorOperators.ADD);
        out[o + 1] = a21.reduceLanes(VectorOperators.ADD);
        out[o + 2] = a22.reduceLanes(VectorOperators.ADD);
        out[o + 3] = a23.reduceLanes(VectorOperators.ADD);
        o += rows;
        out[o] = a30.reduceLanes(VectorOperators.ADD);
        out[o + 1] = a31.reduceLanes(VectorOperators.ADD);
        out[o + 2] = a32.reduceLanes(VectorOperators.ADD);
        out[o + 3] = a33.reduceLanes(VectorOperators.ADD);
        if (end < columns) addTail(x, t, w, i, end, columns, out, rows);
    }

    private static void addTail(
            float[] x, int t, float[] w, int i, int firstColumn, int columns, float[] out, int rows) {
        for (int a = t; a < t + SIDE; a++)
            for (int b = i; b < i + SIDE; b++)
                for (int j = firstColumn; j < columns; j++)
                    out[a * rows + b] += x[a * columns + j] * w[b * columns + j];
    }

    private static void single(
            float[] x, int firstToken, int endToken, float[] w, int firstRow, int endRow, int columns, float[] out) {
        int rows = endRow;
        for (int t = firstToken; t < endToken; t++) {
            for (int i = firstRow; i < endRow; i++) {
                float sum = 0;
                for (int j = 0; j < columns; j++) sum += x[t * columns + j] * w[i * columns + j];
                out[t * rows + i] = sum;
            }
        }
    }
}
