package dev.sinq4j.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code out = x weight^T} in fp32, four tokens by four rows at a time, with the tokens in blocks that stay in the cache
 * while the rows go by. Every sum runs over the columns lane by lane, then over the lanes, folded in halves.
 */
final class VectorProducts {

    private static final VectorSpecies<Float> F32 = FloatVector.SPECIES_PREFERRED;
    private static final int L = F32.length();
    private static final int SIDE = 4;
    private static final int TOKEN_BLOCK = 32;
    private static final VectorShuffle<Float> EIGHT_ON = VectorShuffle.fromOp(F32, i -> (i + 8) % L);
    private static final VectorShuffle<Float> FOUR_ON = VectorShuffle.fromOp(F32, i -> (i + 4) % L);
    private static final VectorShuffle<Float> TWO_ON = VectorShuffle.fromOp(F32, i -> (i + 2) % L);
    private static final VectorShuffle<Float> ONE_ON = VectorShuffle.fromOp(F32, i -> (i + 1) % L);

    private VectorProducts() {}

    static void run(float[] x, int tokens, float[] weight, int rows, int columns, float[] out) {
        float[] lanes = new float[SIDE * SIDE * L];
        int fullTokens = tokens - tokens % SIDE;
        int fullRows = rows - rows % SIDE;
        for (int block = 0; block < fullTokens; block += TOKEN_BLOCK) {
            int end = Math.min(block + TOKEN_BLOCK, fullTokens);
            for (int i = 0; i < fullRows; i += SIDE)
                for (int t = block; t < end; t += SIDE) fourByFour(x, t, weight, i, columns, out, rows, lanes);
        }
        single(x, 0, fullTokens, weight, fullRows, rows, columns, out);
        single(x, fullTokens, tokens, weight, 0, rows, columns, out);
    }

    private static void fourByFour(
            float[] x, int t, float[] w, int i, int columns, float[] out, int rows, float[] lanes) {
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
        for (int j = 0; j < end; j += L) {
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
        a00.intoArray(lanes, 0);
        a01.intoArray(lanes, L);
        a02.intoArray(lanes, 2 * L);
        a03.intoArray(lanes, 3 * L);
        a10.intoArray(lanes, 4 * L);
        a11.intoArray(lanes, 5 * L);
        a12.intoArray(lanes, 6 * L);
        a13.intoArray(lanes, 7 * L);
        a20.intoArray(lanes, 8 * L);
        a21.intoArray(lanes, 9 * L);
        a22.intoArray(lanes, 10 * L);
        a23.intoArray(lanes, 11 * L);
        a30.intoArray(lanes, 12 * L);
        a31.intoArray(lanes, 13 * L);
        a32.intoArray(lanes, 14 * L);
        a33.intoArray(lanes, 15 * L);
        fold(lanes, out, t * rows + i, rows);
        if (end < columns) addTail(x, t, w, i, end, columns, out, rows);
    }

    /** Adds up the lanes of each sum in one order, which reduceLanes does not keep: interpreted, it has another. */
    private static void fold(float[] lanes, float[] out, int at, int rows) {
        for (int k = 0; k < SIDE * SIDE; k++) {
            FloatVector sum = FloatVector.fromArray(F32, lanes, k * L);
            if (L > 8) sum = sum.add(sum.rearrange(EIGHT_ON));
            if (L > 4) sum = sum.add(sum.rearrange(FOUR_ON));
            sum = sum.add(sum.rearrange(TWO_ON));
            out[at + k / SIDE * rows + k % SIDE] =
                    sum.add(sum.rearrange(ONE_ON)).lane(0);
        }
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
