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

/** {@link QuadProduct} for five-bit codes: 32 columns in 5 words of a row. */
final class FiveBitProduct implements QuadProduct {

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
        IntVector m0 = IntVector.broadcast(I, 0x1F);
        IntVector m5 = IntVector.broadcast(I, 0x3E0);
        IntVector m10 = IntVector.broadcast(I, 0x7C00);
        IntVector m15 = IntVector.broadcast(I, 0xF8000);
        IntVector m20 = IntVector.broadcast(I, 0x1F00000);
        IntVector m25 = IntVector.broadcast(I, 0x3E000000);
        IntVector m30w1 = IntVector.broadcast(I, 0x40000000);
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
                a = ((FloatVector) p0.and(m5).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q0.and(m5).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r0.and(m5).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s0.and(m5).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 2]);
                a = ((FloatVector) p0.and(m10).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q0.and(m10).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r0.and(m10).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s0.and(m10).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 3]);
                a = ((FloatVector) p0.and(m15).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q0.and(m15).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r0.and(m15).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s0.and(m15).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 4]);
                a = ((FloatVector) p0.and(m20).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q0.and(m20).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r0.and(m20).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s0.and(m20).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 5]);
                a = ((FloatVector) p0.and(m25).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q0.and(m25).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r0.and(m25).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s0.and(m25).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 6]);
                a = ((FloatVector) p0.lanewise(SHR, 30).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q0.lanewise(SHR, 30).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r0.lanewise(SHR, 30).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s0.lanewise(SHR, 30).convert(I2F, 0)).fma(t, d);
                IntVector p1 = IntVector.fromMemorySegment(I, ALL, w + 1L * ROW, LE);
                IntVector q1 = IntVector.fromMemorySegment(I, ALL, w + 1L * ROW + BYTES, LE);
                IntVector r1 = IntVector.fromMemorySegment(I, ALL, w + 1L * ROW + 2L * BYTES, LE);
                IntVector s1 = IntVector.fromMemorySegment(I, ALL, w + 1L * ROW + 3L * BYTES, LE);
                t = FloatVector.broadcast(F, x[k + 7]);
                a = ((FloatVector) p1.and(m0).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q1.and(m0).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r1.and(m0).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s1.and(m0).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 8]);
                a = ((FloatVector) p1.and(m5).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q1.and(m5).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r1.and(m5).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s1.and(m5).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 9]);
                a = ((FloatVector) p1.and(m10).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q1.and(m10).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r1.and(m10).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s1.and(m10).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 10]);
                a = ((FloatVector) p1.and(m15).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q1.and(m15).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r1.and(m15).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s1.and(m15).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 11]);
                a = ((FloatVector) p1.and(m20).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q1.and(m20).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r1.and(m20).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s1.and(m20).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 12]);
                a = ((FloatVector) p1.and(m25).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q1.and(m25).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r1.and(m25).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s1.and(m25).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 13]);
                a = ((FloatVector) p1.lanewise(SHR, 30).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q1.lanewise(SHR, 30).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r1.lanewise(SHR, 30).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s1.lanewise(SHR, 30).convert(I2F, 0)).fma(t, d);
                IntVector p2 = IntVector.fromMemorySegment(I, ALL, w + 2L * ROW, LE);
                IntVector q2 = IntVector.fromMemorySegment(I, ALL, w + 2L * ROW + BYTES, LE);
                IntVector r2 = IntVector.fromMemorySegment(I, ALL, w + 2L * ROW + 2L * BYTES, LE);
                IntVector s2 = IntVector.fromMemorySegment(I, ALL, w + 2L * ROW + 3L * BYTES, LE);
                t = FloatVector.broadcast(F, x[k + 14]);
                a = ((FloatVector) p2.and(m0).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q2.and(m0).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r2.and(m0).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s2.and(m0).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 15]);
                a = ((FloatVector) p2.and(m5).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q2.and(m5).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r2.and(m5).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s2.and(m5).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 16]);
                a = ((FloatVector) p2.and(m10).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q2.and(m10).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r2.and(m10).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s2.and(m10).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 17]);
                a = ((FloatVector) p2.and(m15).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q2.and(m15).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r2.and(m15).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s2.and(m15).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 18]);
                a = ((FloatVector) p2.and(m20).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q2.and(m20).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r2.and(m20).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s2.and(m20).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 19]);
                a = ((FloatVector) p2.and(m25).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q2.and(m25).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r2.and(m25).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s2.and(m25).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 20]);
                a = ((FloatVector) p2.lanewise(SHR, 30).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q2.lanewise(SHR, 30).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r2.lanewise(SHR, 30).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s2.lanewise(SHR, 30).convert(I2F, 0)).fma(t, d);
                IntVector p3 = IntVector.fromMemorySegment(I, ALL, w + 3L * ROW, LE);
                IntVector q3 = IntVector.fromMemorySegment(I, ALL, w + 3L * ROW + BYTES, LE);
                IntVector r3 = IntVector.fromMemorySegment(I, ALL, w + 3L * ROW + 2L * BYTES, LE);
                IntVector s3 = IntVector.fromMemorySegment(I, ALL, w + 3L * ROW + 3L * BYTES, LE);
                t = FloatVector.broadcast(F, x[k + 21]);
                a = ((FloatVector) p3.and(m0).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q3.and(m0).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r3.and(m0).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s3.and(m0).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 22]);
                a = ((FloatVector) p3.and(m5).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q3.and(m5).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r3.and(m5).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s3.and(m5).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 23]);
                a = ((FloatVector) p3.and(m10).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q3.and(m10).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r3.and(m10).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s3.and(m10).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 24]);
                a = ((FloatVector) p3.and(m15).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q3.and(m15).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r3.and(m15).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s3.and(m15).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 25]);
                a = ((FloatVector) p3.and(m20).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q3.and(m20).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r3.and(m20).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s3.and(m20).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 26]);
                a = ((FloatVector) p3.and(m25).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q3.and(m25).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r3.and(m25).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s3.and(m25).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 27]);
                a = ((FloatVector) p3.lanewise(SHR, 30).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q3.lanewise(SHR, 30).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r3.lanewise(SHR, 30).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s3.lanewise(SHR, 30).convert(I2F, 0)).fma(t, d);
                IntVector p4 = IntVector.fromMemorySegment(I, ALL, w + 4L * ROW, LE);
                IntVector q4 = IntVector.fromMemorySegment(I, ALL, w + 4L * ROW + BYTES, LE);
                IntVector r4 = IntVector.fromMemorySegment(I, ALL, w + 4L * ROW + 2L * BYTES, LE);
                IntVector s4 = IntVector.fromMemorySegment(I, ALL, w + 4L * ROW + 3L * BYTES, LE);
                t = FloatVector.broadcast(F, x[k + 28]);
                a = ((FloatVector) p4.and(m0).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q4.and(m0).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r4.and(m0).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s4.and(m0).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 29]);
                a = ((FloatVector) p4.and(m5).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q4.and(m5).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r4.and(m5).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s4.and(m5).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 30]);
                a = ((FloatVector) p4.and(m10).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q4.and(m10).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r4.and(m10).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s4.and(m10).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 31]);
                a = ((FloatVector) p4.and(m15).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q4.and(m15).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r4.and(m15).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s4.and(m15).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 32]);
                a = ((FloatVector) p4.and(m20).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q4.and(m20).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r4.and(m20).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s4.and(m20).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 33]);
                a = ((FloatVector) p4.and(m25).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q4.and(m25).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r4.and(m25).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s4.and(m25).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 34]);
                a = ((FloatVector) p4.and(m30w1).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q4.and(m30w1).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r4.and(m30w1).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s4.and(m30w1).convert(I2F, 0)).fma(t, d);
                t = FloatVector.broadcast(F, x[k + 35]);
                a = ((FloatVector) p4.lanewise(SHR, 31).convert(I2F, 0)).fma(t, a);
                b = ((FloatVector) q4.lanewise(SHR, 31).convert(I2F, 0)).fma(t, b);
                c = ((FloatVector) r4.lanewise(SHR, 31).convert(I2F, 0)).fma(t, c);
                d = ((FloatVector) s4.lanewise(SHR, 31).convert(I2F, 0)).fma(t, d);
                w += 5L * ROW;
                k += 36;
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
