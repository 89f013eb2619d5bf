package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.F;
import static dev.sinq4j.kernel.vector.Lanes.L;
import static dev.sinq4j.kernel.vector.Lanes.QUAD;

import jdk.incubator.vector.FloatVector;

/** Means of cached values where they lie, weighted by attention: every number is one chain in ascending order of positions. */
final class ValueMix {

    private ValueMix() {}

    /**
     * {@code out(head, d) = sum over i of weights(head, i) values(i, d)} for the first whole quads of d.
     *
     * @param weights (heads, count), row stride {@code stride}, from {@code at} on
     * @param values  (count, dim) from {@code from} on
     * @param out     (heads, dim) from {@code to} on, overwritten
     * @return the numbers of each head that were computed
     */
    static int run(
            float[] weights,
            int at,
            int stride,
            int heads,
            float[] values,
            int from,
            int dim,
            int count,
            float[] out,
            int to) {
        int whole = dim / QUAD * QUAD;
        for (int d = 0; d < whole; d += QUAD) {
            int head = 0;
            for (; head <= heads - 4; head += 4)
                four(weights, at + head * stride, stride, values, from + d, dim, count, out, to + head * dim + d);
            for (; head < heads; head++)
                one(weights, at + head * stride, values, from + d, dim, count, out, to + head * dim + d);
        }
        return whole;
    }

    private static void four(
            float[] weights, int at, int stride, float[] values, int from, int dim, int count, float[] out, int to) {
        int c1 = to + dim;
        int c2 = to + 2 * dim;
        int c3 = to + 3 * dim;
        FloatVector s00 = FloatVector.zero(F);
        FloatVector s01 = FloatVector.zero(F);
        FloatVector s02 = FloatVector.zero(F);
        FloatVector s03 = FloatVector.zero(F);
        FloatVector s10 = FloatVector.zero(F);
        FloatVector s11 = FloatVector.zero(F);
        FloatVector s12 = FloatVector.zero(F);
        FloatVector s13 = FloatVector.zero(F);
        FloatVector s20 = FloatVector.zero(F);
        FloatVector s21 = FloatVector.zero(F);
        FloatVector s22 = FloatVector.zero(F);
        FloatVector s23 = FloatVector.zero(F);
        FloatVector s30 = FloatVector.zero(F);
        FloatVector s31 = FloatVector.zero(F);
        FloatVector s32 = FloatVector.zero(F);
        FloatVector s33 = FloatVector.zero(F);
        int p = from;
        int q = at;
        for (int k = 0; k < count; k++) {
            FloatVector b0 = FloatVector.fromArray(F, values, p);
            FloatVector b1 = FloatVector.fromArray(F, values, p + L);
            FloatVector b2 = FloatVector.fromArray(F, values, p + 2 * L);
            FloatVector b3 = FloatVector.fromArray(F, values, p + 3 * L);
            FloatVector t = FloatVector.broadcast(F, weights[q]);
            s00 = t.fma(b0, s00);
            s01 = t.fma(b1, s01);
            s02 = t.fma(b2, s02);
            s03 = t.fma(b3, s03);
            t = FloatVector.broadcast(F, weights[q + stride]);
            s10 = t.fma(b0, s10);
            s11 = t.fma(b1, s11);
            s12 = t.fma(b2, s12);
            s13 = t.fma(b3, s13);
            t = FloatVector.broadcast(F, weights[q + 2 * stride]);
            s20 = t.fma(b0, s20);
            s21 = t.fma(b1, s21);
            s22 = t.fma(b2, s22);
            s23 = t.fma(b3, s23);
            t = FloatVector.broadcast(F, weights[q + 3 * stride]);
            s30 = t.fma(b0, s30);
            s31 = t.fma(b1, s31);
            s32 = t.fma(b2, s32);
            s33 = t.fma(b3, s33);
            p += dim;
            q++;
        }
        s00.intoArray(out, to);
        s01.intoArray(out, to + L);
        s02.intoArray(out, to + 2 * L);
        s03.intoArray(out, to + 3 * L);
        s10.intoArray(out, c1);
        s11.intoArray(out, c1 + L);
        s12.intoArray(out, c1 + 2 * L);
        s13.intoArray(out, c1 + 3 * L);
        s20.intoArray(out, c2);
        s21.intoArray(out, c2 + L);
        s22.intoArray(out, c2 + 2 * L);
        s23.intoArray(out, c2 + 3 * L);
        s30.intoArray(out, c3);
        s31.intoArray(out, c3 + L);
        s32.intoArray(out, c3 + 2 * L);
        s33.intoArray(out, c3 + 3 * L);
    }

    private static void one(
            float[] weights, int at, float[] values, int from, int dim, int count, float[] out, int to) {
        FloatVector s00 = FloatVector.zero(F);
        FloatVector s01 = FloatVector.zero(F);
        FloatVector s02 = FloatVector.zero(F);
        FloatVector s03 = FloatVector.zero(F);
        int p = from;
        int q = at;
        for (int k = 0; k < count; k++) {
            FloatVector b0 = FloatVector.fromArray(F, values, p);
            FloatVector b1 = FloatVector.fromArray(F, values, p + L);
            FloatVector b2 = FloatVector.fromArray(F, values, p + 2 * L);
            FloatVector b3 = FloatVector.fromArray(F, values, p + 3 * L);
            FloatVector t = FloatVector.broadcast(F, weights[q]);
            s00 = t.fma(b0, s00);
            s01 = t.fma(b1, s01);
            s02 = t.fma(b2, s02);
            s03 = t.fma(b3, s03);
            p += dim;
            q++;
        }
        s00.intoArray(out, to);
        s01.intoArray(out, to + L);
        s02.intoArray(out, to + 2 * L);
        s03.intoArray(out, to + 3 * L);
    }
}
