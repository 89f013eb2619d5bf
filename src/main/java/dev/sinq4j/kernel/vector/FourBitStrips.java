package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.HalfBits.BIAS;
import static dev.sinq4j.kernel.vector.HalfBits.KEEP;
import static dev.sinq4j.kernel.vector.Lanes.ALL;
import static dev.sinq4j.kernel.vector.Lanes.F;
import static dev.sinq4j.kernel.vector.Lanes.I;
import static dev.sinq4j.kernel.vector.Lanes.I2F;
import static dev.sinq4j.kernel.vector.Lanes.L;
import static dev.sinq4j.kernel.vector.Lanes.LE;
import static dev.sinq4j.kernel.vector.Lanes.SAR;
import static dev.sinq4j.kernel.vector.Lanes.SHL;
import static dev.sinq4j.kernel.vector.Lanes.SHR;
import static dev.sinq4j.kernel.vector.PackedShape.ROW;
import static java.lang.Float.floatToRawIntBits;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** {@link FourStripProduct} for four-bit codes: 8 columns in one word of a row. */
final class FourBitStrips implements FourStripProduct {

    @Override
    public void multiply(
            long codes,
            long stride,
            float[] x,
            int xAt,
            float[] sums,
            int sumsAt,
            int groups,
            int granules,
            int lastGranules,
            float[] y) {
        fourStrips(codes, stride, x, xAt, sums, sumsAt, groups, granules, lastGranules, y);
    }

    private static void fourStrips(
            long codes,
            long stride,
            float[] x,
            int xAt,
            float[] sums,
            int sumsAt,
            int groups,
            int granules,
            int lastGranules,
            float[] y) {
        IntVector m0 = IntVector.broadcast(I, 0xF);
        IntVector m4 = IntVector.broadcast(I, 0xF0);
        IntVector m8 = IntVector.broadcast(I, 0xF00);
        IntVector m12 = IntVector.broadcast(I, 0xF000);
        IntVector m16 = IntVector.broadcast(I, 0xF0000);
        IntVector keep = IntVector.broadcast(I, KEEP);
        FloatVector bias = FloatVector.broadcast(F, BIAS);
        FloatVector minusBias = FloatVector.broadcast(F, -BIAS);
        long w = codes;
        int k = xAt;
        for (int g = 0; g < groups; g++) {
            FloatVector a0 = FloatVector.zero(F);
            FloatVector b0 = FloatVector.zero(F);
            FloatVector c0 = FloatVector.zero(F);
            FloatVector d0 = FloatVector.zero(F);
            FloatVector a1 = FloatVector.zero(F);
            FloatVector b1 = FloatVector.zero(F);
            FloatVector c1 = FloatVector.zero(F);
            FloatVector d1 = FloatVector.zero(F);
            FloatVector a2 = FloatVector.zero(F);
            FloatVector b2 = FloatVector.zero(F);
            FloatVector c2 = FloatVector.zero(F);
            FloatVector d2 = FloatVector.zero(F);
            FloatVector a3 = FloatVector.zero(F);
            FloatVector b3 = FloatVector.zero(F);
            FloatVector c3 = FloatVector.zero(F);
            FloatVector d3 = FloatVector.zero(F);
            long aux = w;
            w += ROW;
            long last = w + (g == groups - 1 ? lastGranules : granules) * (long) ROW;
            while (w != last) {
                IntVector p0 = IntVector.fromMemorySegment(I, ALL, w, LE);
                IntVector p1 = IntVector.fromMemorySegment(I, ALL, w + stride, LE);
                IntVector p2 = IntVector.fromMemorySegment(I, ALL, w + 2 * stride, LE);
                IntVector p3 = IntVector.fromMemorySegment(I, ALL, w + 3 * stride, LE);
                FloatVector t = IntVector.broadcast(I, floatToRawIntBits(x[k])).reinterpretAsFloats();
                a0 = ((FloatVector) p0.and(m0).convert(I2F, 0)).fma(t, a0);
                a1 = ((FloatVector) p1.and(m0).convert(I2F, 0)).fma(t, a1);
                a2 = ((FloatVector) p2.and(m0).convert(I2F, 0)).fma(t, a2);
                a3 = ((FloatVector) p3.and(m0).convert(I2F, 0)).fma(t, a3);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 1])).reinterpretAsFloats();
                b0 = ((FloatVector) p0.and(m4).convert(I2F, 0)).fma(t, b0);
                b1 = ((FloatVector) p1.and(m4).convert(I2F, 0)).fma(t, b1);
                b2 = ((FloatVector) p2.and(m4).convert(I2F, 0)).fma(t, b2);
                b3 = ((FloatVector) p3.and(m4).convert(I2F, 0)).fma(t, b3);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 2])).reinterpretAsFloats();
                c0 = ((FloatVector) p0.and(m8).convert(I2F, 0)).fma(t, c0);
                c1 = ((FloatVector) p1.and(m8).convert(I2F, 0)).fma(t, c1);
                c2 = ((FloatVector) p2.and(m8).convert(I2F, 0)).fma(t, c2);
                c3 = ((FloatVector) p3.and(m8).convert(I2F, 0)).fma(t, c3);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 3])).reinterpretAsFloats();
                d0 = ((FloatVector) p0.and(m12).convert(I2F, 0)).fma(t, d0);
                d1 = ((FloatVector) p1.and(m12).convert(I2F, 0)).fma(t, d1);
                d2 = ((FloatVector) p2.and(m12).convert(I2F, 0)).fma(t, d2);
                d3 = ((FloatVector) p3.and(m12).convert(I2F, 0)).fma(t, d3);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 4])).reinterpretAsFloats();
                a0 = ((FloatVector) p0.and(m16).convert(I2F, 0)).fma(t, a0);
                a1 = ((FloatVector) p1.and(m16).convert(I2F, 0)).fma(t, a1);
                a2 = ((FloatVector) p2.and(m16).convert(I2F, 0)).fma(t, a2);
                a3 = ((FloatVector) p3.and(m16).convert(I2F, 0)).fma(t, a3);
                p0 = p0.lanewise(SHR, 20);
                p1 = p1.lanewise(SHR, 20);
                p2 = p2.lanewise(SHR, 20);
                p3 = p3.lanewise(SHR, 20);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 5])).reinterpretAsFloats();
                b0 = ((FloatVector) p0.and(m0).convert(I2F, 0)).fma(t, b0);
                b1 = ((FloatVector) p1.and(m0).convert(I2F, 0)).fma(t, b1);
                b2 = ((FloatVector) p2.and(m0).convert(I2F, 0)).fma(t, b2);
                b3 = ((FloatVector) p3.and(m0).convert(I2F, 0)).fma(t, b3);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 6])).reinterpretAsFloats();
                c0 = ((FloatVector) p0.and(m4).convert(I2F, 0)).fma(t, c0);
                c1 = ((FloatVector) p1.and(m4).convert(I2F, 0)).fma(t, c1);
                c2 = ((FloatVector) p2.and(m4).convert(I2F, 0)).fma(t, c2);
                c3 = ((FloatVector) p3.and(m4).convert(I2F, 0)).fma(t, c3);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 7])).reinterpretAsFloats();
                d0 = ((FloatVector) p0.lanewise(SHR, 8).convert(I2F, 0)).fma(t, d0);
                d1 = ((FloatVector) p1.lanewise(SHR, 8).convert(I2F, 0)).fma(t, d1);
                d2 = ((FloatVector) p2.lanewise(SHR, 8).convert(I2F, 0)).fma(t, d2);
                d3 = ((FloatVector) p3.lanewise(SHR, 8).convert(I2F, 0)).fma(t, d3);
                w += ROW;
                k += 8;
            }
            FloatVector sum = FloatVector.broadcast(F, sums[sumsAt + g]);
            IntVector u0 = IntVector.fromMemorySegment(I, ALL, aux, LE);
            FloatVector z0 = u0.lanewise(SAR, 3).and(keep).reinterpretAsFloats().mul(minusBias);
            FloatVector s0 = u0.lanewise(SHL, 16)
                    .lanewise(SAR, 3)
                    .and(keep)
                    .reinterpretAsFloats()
                    .mul(bias);
            z0.fma(sum, a0.add(b0).add(c0.add(d0)))
                    .fma(s0, FloatVector.fromArray(F, y, 0))
                    .intoArray(y, 0);
            IntVector u1 = IntVector.fromMemorySegment(I, ALL, aux + stride, LE);
            FloatVector z1 = u1.lanewise(SAR, 3).and(keep).reinterpretAsFloats().mul(minusBias);
            FloatVector s1 = u1.lanewise(SHL, 16)
                    .lanewise(SAR, 3)
                    .and(keep)
                    .reinterpretAsFloats()
                    .mul(bias);
            z1.fma(sum, a1.add(b1).add(c1.add(d1)))
                    .fma(s1, FloatVector.fromArray(F, y, L))
                    .intoArray(y, L);
            IntVector u2 = IntVector.fromMemorySegment(I, ALL, aux + 2 * stride, LE);
            FloatVector z2 = u2.lanewise(SAR, 3).and(keep).reinterpretAsFloats().mul(minusBias);
            FloatVector s2 = u2.lanewise(SHL, 16)
                    .lanewise(SAR, 3)
                    .and(keep)
                    .reinterpretAsFloats()
                    .mul(bias);
            z2.fma(sum, a2.add(b2).add(c2.add(d2)))
                    .fma(s2, FloatVector.fromArray(F, y, 2 * L))
                    .intoArray(y, 2 * L);
            IntVector u3 = IntVector.fromMemorySegment(I, ALL, aux + 3 * stride, LE);
            FloatVector z3 = u3.lanewise(SAR, 3).and(keep).reinterpretAsFloats().mul(minusBias);
            FloatVector s3 = u3.lanewise(SHL, 16)
                    .lanewise(SAR, 3)
                    .and(keep)
                    .reinterpretAsFloats()
                    .mul(bias);
            z3.fma(sum, a3.add(b3).add(c3.add(d3)))
                    .fma(s3, FloatVector.fromArray(F, y, 3 * L))
                    .intoArray(y, 3 * L);
        }
    }
}
