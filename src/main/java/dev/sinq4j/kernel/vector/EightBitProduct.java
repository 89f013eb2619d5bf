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

/** {@link StripProduct} for eight-bit codes: 4 columns in one word of a row. */
final class EightBitProduct implements StripProduct {

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
        IntVector m0 = IntVector.broadcast(I, 0xFF);
        IntVector m8 = IntVector.broadcast(I, 0xFF00);
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
            long last = w + end * (long) ROW;
            while (w != last) {
                IntVector p0 = IntVector.fromMemorySegment(I, ALL, w, LE);
                IntVector q0 = p0.lanewise(SHR, 16);
                FloatVector t = IntVector.broadcast(I, floatToRawIntBits(x[k])).reinterpretAsFloats();
                a = (IN_PLACE
                                ? p0.and(m0).reinterpretAsFloats()
                                : (FloatVector) p0.and(m0).convert(I2F, 0))
                        .fma(t, a);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 1])).reinterpretAsFloats();
                b = (IN_PLACE
                                ? p0.and(m8).reinterpretAsFloats()
                                : (FloatVector) p0.and(m8).convert(I2F, 0))
                        .fma(t, b);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 2])).reinterpretAsFloats();
                c = (IN_PLACE
                                ? q0.and(m0).reinterpretAsFloats()
                                : (FloatVector) q0.and(m0).convert(I2F, 0))
                        .fma(t, c);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 3])).reinterpretAsFloats();
                d = (IN_PLACE
                                ? p0.lanewise(SHR, 24).reinterpretAsFloats()
                                : (FloatVector) p0.lanewise(SHR, 24).convert(I2F, 0))
                        .fma(t, d);
                w += ROW;
                k += 4;
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
