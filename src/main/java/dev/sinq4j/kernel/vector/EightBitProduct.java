package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.ALL;
import static dev.sinq4j.kernel.vector.Lanes.BYTES;
import static dev.sinq4j.kernel.vector.Lanes.F;
import static dev.sinq4j.kernel.vector.Lanes.I;
import static dev.sinq4j.kernel.vector.Lanes.I2F;
import static dev.sinq4j.kernel.vector.Lanes.L;
import static dev.sinq4j.kernel.vector.Lanes.LE;
import static dev.sinq4j.kernel.vector.Lanes.PANEL;
import static dev.sinq4j.kernel.vector.Lanes.SHR;
import static dev.sinq4j.kernel.vector.PackedShape.AUX_PER_GROUP;
import static dev.sinq4j.kernel.vector.PackedShape.ROW;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** {@link QuadProduct} for eight-bit codes: 4 columns in one word of a row. */
final class EightBitProduct implements QuadProduct {

    @Override
    public void multiply(
            long codes,
            float[] x,
            int xAt,
            float[] sums,
            int sumsAt,
            float[] aux,
            int lane,
            int groups,
            int granules,
            int lastGranules,
            float[] y,
            int yAt) {
        quad(codes, x, xAt, sums, sumsAt, aux, lane, groups, granules, lastGranules, y, yAt);
    }

    private static void quad(
            long codes,
            float[] x,
            int xAt,
            float[] sums,
            int sumsAt,
            float[] aux,
            int lane,
            int groups,
            int granules,
            int lastGranules,
            float[] y,
            int yAt) {
        IntVector m0 = IntVector.broadcast(I, 0xFF);
        IntVector m8 = IntVector.broadcast(I, 0xFF00);
        IntVector m16 = IntVector.broadcast(I, 0xFF0000);
        FloatVector zero = FloatVector.zero(F);
        FloatVector y0 = zero;
        FloatVector y1 = zero;
        FloatVector y2 = zero;
        FloatVector y3 = zero;
        long w = codes;
        int k = xAt;
        for (int g = 0; g < groups; g++) {
            FloatVector a = zero;
            FloatVector b = zero;
            FloatVector c = zero;
            FloatVector d = zero;
            int end = g == groups - 1 ? lastGranules : granules;
            for (int j = 0; j < end; j++) {
                IntVector p0 = IntVector.fromMemorySegment(I, ALL, w, LE);
                IntVector q0 = IntVector.fromMemorySegment(I, ALL, w + BYTES, LE);
                IntVector r0 = IntVector.fromMemorySegment(I, ALL, w + 2L * BYTES, LE);
                IntVector s0 = IntVector.fromMemorySegment(I, ALL, w + 3L * BYTES, LE);
                FloatVector t = FloatVector.broadcast(F, x[k]);
                a = ((FloatVector) p0.and(m0).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q0.and(m0).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r0.and(m0).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s0.and(m0).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 1]);
                a = ((FloatVector) p0.and(m8).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q0.and(m8).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r0.and(m8).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s0.and(m8).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 2]);
                a = ((FloatVector) p0.and(m16).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q0.and(m16).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r0.and(m16).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s0.and(m16).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 3]);
                a = ((FloatVector) p0.lanewise(SHR, 24).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q0.lanewise(SHR, 24).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r0.lanewise(SHR, 24).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s0.lanewise(SHR, 24).convert(I2F, 0)).fma(t, d);
                w += ROW;
                k += 4;
            }
            int scale = g * AUX_PER_GROUP + lane;
            int minusZero = scale + PANEL;
            FloatVector sum = FloatVector.broadcast(F, sums[sumsAt + g]);
            y0 = FloatVector.fromArray(F, aux, minusZero).fma(sum, a).fma(FloatVector.fromArray(F, aux, scale), y0);
            y1 = FloatVector.fromArray(F, aux, minusZero + L)
                    .fma(sum, b)
                    .fma(FloatVector.fromArray(F, aux, scale + L), y1);
            y2 = FloatVector.fromArray(F, aux, minusZero + 2 * L)
                    .fma(sum, c)
                    .fma(FloatVector.fromArray(F, aux, scale + 2 * L), y2);
            y3 = FloatVector.fromArray(F, aux, minusZero + 3 * L)
                    .fma(sum, d)
                    .fma(FloatVector.fromArray(F, aux, scale + 3 * L), y3);
        }
        y0.intoArray(y, yAt);
        y1.intoArray(y, yAt + L);
        y2.intoArray(y, yAt + 2 * L);
        y3.intoArray(y, yAt + 3 * L);
    }
}
