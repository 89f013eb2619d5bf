package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.HalfBits.BIAS;
import static dev.sinq4j.kernel.vector.HalfBits.KEEP;
import static dev.sinq4j.kernel.vector.Lanes.ALL;
import static dev.sinq4j.kernel.vector.Lanes.F;
import static dev.sinq4j.kernel.vector.Lanes.I;
import static dev.sinq4j.kernel.vector.Lanes.I2F;
import static dev.sinq4j.kernel.vector.Lanes.IN_PLACE;
import static dev.sinq4j.kernel.vector.Lanes.LE;
import static dev.sinq4j.kernel.vector.Lanes.SAR;
import static dev.sinq4j.kernel.vector.Lanes.SHL;
import static dev.sinq4j.kernel.vector.Lanes.SHR;
import static dev.sinq4j.kernel.vector.PackedShape.ROW;
import static java.lang.Float.floatToRawIntBits;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** {@link StripProduct} for three-bit codes: 32 columns in 3 words of a row. */
final class ThreeBitProduct implements StripProduct {

    @Override
    public void multiply(
            long codes,
            float[] x,
            int xAt,
            float[] sums,
            int sumsAt,
            boolean halves,
            int groups,
            int granules,
            int lastGranules,
            float[] y,
            int yAt) {
        strip(codes, x, xAt, sums, sumsAt, halves, groups, granules, lastGranules, y, yAt);
    }

    private static void strip(
            long codes,
            float[] x,
            int xAt,
            float[] sums,
            int sumsAt,
            boolean halves,
            int groups,
            int granules,
            int lastGranules,
            float[] y,
            int yAt) {
        IntVector m0 = IntVector.broadcast(I, 0x7);
        IntVector m3 = IntVector.broadcast(I, 0x38);
        IntVector m6 = IntVector.broadcast(I, 0x1C0);
        IntVector m9 = IntVector.broadcast(I, 0xE00);
        IntVector m12 = IntVector.broadcast(I, 0x7000);
        IntVector m15 = IntVector.broadcast(I, 0x38000);
        IntVector m18 = IntVector.broadcast(I, 0x1C0000);
        IntVector m9w1 = IntVector.broadcast(I, 0x200);
        IntVector keep = IntVector.broadcast(I, KEEP);
        FloatVector bias = FloatVector.broadcast(F, BIAS);
        FloatVector minusBias = FloatVector.broadcast(F, -BIAS);
        FloatVector zero = FloatVector.zero(F);
        FloatVector result = FloatVector.fromArray(F, y, yAt);
        long w = codes;
        int k = xAt;
        for (int g = 0; g < groups; g++) {
            FloatVector a = zero;
            FloatVector b = zero;
            FloatVector c = zero;
            FloatVector d = zero;
            int end = g == groups - 1 ? lastGranules : granules;
            long aux = w;
            w += halves ? ROW : 2L * ROW;
            long last = w + end * 3L * ROW;
            while (w != last) {
                IntVector p0 = IntVector.fromMemorySegment(I, ALL, w, LE);
                IntVector q0 = p0.lanewise(SHR, 21);
                FloatVector t = IntVector.broadcast(I, floatToRawIntBits(x[k])).reinterpretAsFloats();
                a = (IN_PLACE
                                ? p0.and(m0).reinterpretAsFloats()
                                : (FloatVector) p0.and(m0).convert(I2F, 0))
                        .fma(t, a);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 1])).reinterpretAsFloats();
                b = (IN_PLACE
                                ? p0.and(m3).reinterpretAsFloats()
                                : (FloatVector) p0.and(m3).convert(I2F, 0))
                        .fma(t, b);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 2])).reinterpretAsFloats();
                c = (IN_PLACE
                                ? p0.and(m6).reinterpretAsFloats()
                                : (FloatVector) p0.and(m6).convert(I2F, 0))
                        .fma(t, c);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 3])).reinterpretAsFloats();
                d = (IN_PLACE
                                ? p0.and(m9).reinterpretAsFloats()
                                : (FloatVector) p0.and(m9).convert(I2F, 0))
                        .fma(t, d);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 4])).reinterpretAsFloats();
                a = (IN_PLACE
                                ? p0.and(m12).reinterpretAsFloats()
                                : (FloatVector) p0.and(m12).convert(I2F, 0))
                        .fma(t, a);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 5])).reinterpretAsFloats();
                b = (IN_PLACE
                                ? p0.and(m15).reinterpretAsFloats()
                                : (FloatVector) p0.and(m15).convert(I2F, 0))
                        .fma(t, b);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 6])).reinterpretAsFloats();
                c = (IN_PLACE
                                ? p0.and(m18).reinterpretAsFloats()
                                : (FloatVector) p0.and(m18).convert(I2F, 0))
                        .fma(t, c);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 7])).reinterpretAsFloats();
                d = (IN_PLACE
                                ? q0.and(m0).reinterpretAsFloats()
                                : (FloatVector) q0.and(m0).convert(I2F, 0))
                        .fma(t, d);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 8])).reinterpretAsFloats();
                a = (IN_PLACE
                                ? q0.and(m3).reinterpretAsFloats()
                                : (FloatVector) q0.and(m3).convert(I2F, 0))
                        .fma(t, a);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 9])).reinterpretAsFloats();
                b = (IN_PLACE
                                ? q0.and(m6).reinterpretAsFloats()
                                : (FloatVector) q0.and(m6).convert(I2F, 0))
                        .fma(t, b);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 10])).reinterpretAsFloats();
                c = (IN_PLACE
                                ? p0.lanewise(SHR, 30).reinterpretAsFloats()
                                : (FloatVector) p0.lanewise(SHR, 30).convert(I2F, 0))
                        .fma(t, c);
                IntVector p1 = IntVector.fromMemorySegment(I, ALL, w + 1L * ROW, LE);
                IntVector q1 = p1.lanewise(SHR, 21);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 11])).reinterpretAsFloats();
                d = (IN_PLACE
                                ? p1.and(m0).reinterpretAsFloats()
                                : (FloatVector) p1.and(m0).convert(I2F, 0))
                        .fma(t, d);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 12])).reinterpretAsFloats();
                a = (IN_PLACE
                                ? p1.and(m3).reinterpretAsFloats()
                                : (FloatVector) p1.and(m3).convert(I2F, 0))
                        .fma(t, a);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 13])).reinterpretAsFloats();
                b = (IN_PLACE
                                ? p1.and(m6).reinterpretAsFloats()
                                : (FloatVector) p1.and(m6).convert(I2F, 0))
                        .fma(t, b);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 14])).reinterpretAsFloats();
                c = (IN_PLACE
                                ? p1.and(m9).reinterpretAsFloats()
                                : (FloatVector) p1.and(m9).convert(I2F, 0))
                        .fma(t, c);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 15])).reinterpretAsFloats();
                d = (IN_PLACE
                                ? p1.and(m12).reinterpretAsFloats()
                                : (FloatVector) p1.and(m12).convert(I2F, 0))
                        .fma(t, d);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 16])).reinterpretAsFloats();
                a = (IN_PLACE
                                ? p1.and(m15).reinterpretAsFloats()
                                : (FloatVector) p1.and(m15).convert(I2F, 0))
                        .fma(t, a);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 17])).reinterpretAsFloats();
                b = (IN_PLACE
                                ? p1.and(m18).reinterpretAsFloats()
                                : (FloatVector) p1.and(m18).convert(I2F, 0))
                        .fma(t, b);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 18])).reinterpretAsFloats();
                c = (IN_PLACE
                                ? q1.and(m0).reinterpretAsFloats()
                                : (FloatVector) q1.and(m0).convert(I2F, 0))
                        .fma(t, c);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 19])).reinterpretAsFloats();
                d = (IN_PLACE
                                ? q1.and(m3).reinterpretAsFloats()
                                : (FloatVector) q1.and(m3).convert(I2F, 0))
                        .fma(t, d);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 20])).reinterpretAsFloats();
                a = (IN_PLACE
                                ? q1.and(m6).reinterpretAsFloats()
                                : (FloatVector) q1.and(m6).convert(I2F, 0))
                        .fma(t, a);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 21])).reinterpretAsFloats();
                b = (IN_PLACE
                                ? p1.lanewise(SHR, 30).reinterpretAsFloats()
                                : (FloatVector) p1.lanewise(SHR, 30).convert(I2F, 0))
                        .fma(t, b);
                IntVector p2 = IntVector.fromMemorySegment(I, ALL, w + 2L * ROW, LE);
                IntVector q2 = p2.lanewise(SHR, 21);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 22])).reinterpretAsFloats();
                c = (IN_PLACE
                                ? p2.and(m0).reinterpretAsFloats()
                                : (FloatVector) p2.and(m0).convert(I2F, 0))
                        .fma(t, c);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 23])).reinterpretAsFloats();
                d = (IN_PLACE
                                ? p2.and(m3).reinterpretAsFloats()
                                : (FloatVector) p2.and(m3).convert(I2F, 0))
                        .fma(t, d);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 24])).reinterpretAsFloats();
                a = (IN_PLACE
                                ? p2.and(m6).reinterpretAsFloats()
                                : (FloatVector) p2.and(m6).convert(I2F, 0))
                        .fma(t, a);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 25])).reinterpretAsFloats();
                b = (IN_PLACE
                                ? p2.and(m9).reinterpretAsFloats()
                                : (FloatVector) p2.and(m9).convert(I2F, 0))
                        .fma(t, b);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 26])).reinterpretAsFloats();
                c = (IN_PLACE
                                ? p2.and(m12).reinterpretAsFloats()
                                : (FloatVector) p2.and(m12).convert(I2F, 0))
                        .fma(t, c);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 27])).reinterpretAsFloats();
                d = (IN_PLACE
                                ? p2.and(m15).reinterpretAsFloats()
                                : (FloatVector) p2.and(m15).convert(I2F, 0))
                        .fma(t, d);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 28])).reinterpretAsFloats();
                a = (IN_PLACE
                                ? p2.and(m18).reinterpretAsFloats()
                                : (FloatVector) p2.and(m18).convert(I2F, 0))
                        .fma(t, a);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 29])).reinterpretAsFloats();
                b = (IN_PLACE
                                ? q2.and(m0).reinterpretAsFloats()
                                : (FloatVector) q2.and(m0).convert(I2F, 0))
                        .fma(t, b);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 30])).reinterpretAsFloats();
                c = (IN_PLACE
                                ? q2.and(m3).reinterpretAsFloats()
                                : (FloatVector) q2.and(m3).convert(I2F, 0))
                        .fma(t, c);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 31])).reinterpretAsFloats();
                d = (IN_PLACE
                                ? q2.and(m6).reinterpretAsFloats()
                                : (FloatVector) q2.and(m6).convert(I2F, 0))
                        .fma(t, d);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 32])).reinterpretAsFloats();
                a = (IN_PLACE
                                ? q2.and(m9w1).reinterpretAsFloats()
                                : (FloatVector) q2.and(m9w1).convert(I2F, 0))
                        .fma(t, a);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 33])).reinterpretAsFloats();
                b = (IN_PLACE
                                ? p2.lanewise(SHR, 31).reinterpretAsFloats()
                                : (FloatVector) p2.lanewise(SHR, 31).convert(I2F, 0))
                        .fma(t, b);
                w += 3L * ROW;
                k += 34;
            }
            FloatVector sum = FloatVector.broadcast(F, sums[sumsAt + g]);
            FloatVector group = a.add(b).add(c.add(d));
            IntVector pair = IntVector.fromMemorySegment(I, ALL, aux, LE);
            if (halves) {
                FloatVector z =
                        pair.lanewise(SAR, 3).and(keep).reinterpretAsFloats().mul(minusBias);
                FloatVector s = pair.lanewise(SHL, 16)
                        .lanewise(SAR, 3)
                        .and(keep)
                        .reinterpretAsFloats()
                        .mul(bias);
                result = z.fma(sum, group).fma(s, result);
            } else {
                FloatVector z =
                        FloatVector.fromMemorySegment(F, ALL, aux + ROW, LE).neg();
                result = z.fma(sum, group).fma(pair.reinterpretAsFloats(), result);
            }
        }
        result.intoArray(y, yAt);
    }
}
