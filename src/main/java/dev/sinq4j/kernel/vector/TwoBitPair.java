package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.HalfBits.BIAS;
import static dev.sinq4j.kernel.vector.HalfBits.KEEP;
import static dev.sinq4j.kernel.vector.Lanes.ALL;
import static dev.sinq4j.kernel.vector.Lanes.BYTES;
import static dev.sinq4j.kernel.vector.Lanes.F;
import static dev.sinq4j.kernel.vector.Lanes.I;
import static dev.sinq4j.kernel.vector.Lanes.L;
import static dev.sinq4j.kernel.vector.Lanes.LE;
import static dev.sinq4j.kernel.vector.Lanes.SAR;
import static dev.sinq4j.kernel.vector.Lanes.SHL;
import static dev.sinq4j.kernel.vector.Lanes.SHR;
import static dev.sinq4j.kernel.vector.PackedShape.ROW;
import static java.lang.Float.floatToRawIntBits;

import java.lang.invoke.VarHandle;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** {@link TwoBitProduct} for a pair of vectors and codes read in place, see {@link MaskTable}. */
final class TwoBitPair implements StripProduct {

    private final int[] masks =
            MaskTable.of(0x3, 0xC, 0x30, 0xC0, 0x300, 0xC00, 0x3000, 0xC000, 0x30000, 0xC0000, 0x300000);

    @Override
    public int rows() {
        return 2 * L;
    }

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
        pair(codes, masks, x, xAt, sums, sumsAt, halves, groups, granules, lastGranules, y, yAt);
    }

    private static void pair(
            long codes,
            int[] masks,
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
        IntVector low = IntVector.fromArray(I, masks, 0);
        long w = codes;
        int k = xAt;
        for (int g = 0; g < groups; g++) {
            FloatVector a0 = FloatVector.zero(F);
            FloatVector a1 = FloatVector.zero(F);
            FloatVector b0 = FloatVector.zero(F);
            FloatVector b1 = FloatVector.zero(F);
            FloatVector c0 = FloatVector.zero(F);
            FloatVector c1 = FloatVector.zero(F);
            FloatVector d0 = FloatVector.zero(F);
            FloatVector d1 = FloatVector.zero(F);
            long aux = w;
            w += halves ? ROW : 2L * ROW;
            long last = w + (g == groups - 1 ? lastGranules : granules) * (long) ROW;
            while (w != last) {
                IntVector p0 = IntVector.fromMemorySegment(I, ALL, w, LE);
                IntVector p1 = IntVector.fromMemorySegment(I, ALL, w + BYTES, LE);
                VarHandle.loadLoadFence();
                FloatVector t = IntVector.broadcast(I, floatToRawIntBits(x[k])).reinterpretAsFloats();
                a0 = p0.and(low).reinterpretAsFloats().fma(t, a0);
                a1 = p1.and(low).reinterpretAsFloats().fma(t, a1);
                VarHandle.loadLoadFence();
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 1])).reinterpretAsFloats();
                IntVector m = IntVector.fromArray(I, masks, L);
                b0 = p0.and(m).reinterpretAsFloats().fma(t, b0);
                b1 = p1.and(m).reinterpretAsFloats().fma(t, b1);
                VarHandle.loadLoadFence();
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 2])).reinterpretAsFloats();
                m = IntVector.fromArray(I, masks, 2 * L);
                c0 = p0.and(m).reinterpretAsFloats().fma(t, c0);
                c1 = p1.and(m).reinterpretAsFloats().fma(t, c1);
                VarHandle.loadLoadFence();
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 3])).reinterpretAsFloats();
                m = IntVector.fromArray(I, masks, 3 * L);
                d0 = p0.and(m).reinterpretAsFloats().fma(t, d0);
                d1 = p1.and(m).reinterpretAsFloats().fma(t, d1);
                VarHandle.loadLoadFence();
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 4])).reinterpretAsFloats();
                m = IntVector.fromArray(I, masks, 4 * L);
                a0 = p0.and(m).reinterpretAsFloats().fma(t, a0);
                a1 = p1.and(m).reinterpretAsFloats().fma(t, a1);
                VarHandle.loadLoadFence();
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 5])).reinterpretAsFloats();
                m = IntVector.fromArray(I, masks, 5 * L);
                b0 = p0.and(m).reinterpretAsFloats().fma(t, b0);
                b1 = p1.and(m).reinterpretAsFloats().fma(t, b1);
                VarHandle.loadLoadFence();
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 6])).reinterpretAsFloats();
                m = IntVector.fromArray(I, masks, 6 * L);
                c0 = p0.and(m).reinterpretAsFloats().fma(t, c0);
                c1 = p1.and(m).reinterpretAsFloats().fma(t, c1);
                VarHandle.loadLoadFence();
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 7])).reinterpretAsFloats();
                m = IntVector.fromArray(I, masks, 7 * L);
                d0 = p0.and(m).reinterpretAsFloats().fma(t, d0);
                d1 = p1.and(m).reinterpretAsFloats().fma(t, d1);
                VarHandle.loadLoadFence();
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 8])).reinterpretAsFloats();
                m = IntVector.fromArray(I, masks, 8 * L);
                a0 = p0.and(m).reinterpretAsFloats().fma(t, a0);
                a1 = p1.and(m).reinterpretAsFloats().fma(t, a1);
                VarHandle.loadLoadFence();
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 9])).reinterpretAsFloats();
                m = IntVector.fromArray(I, masks, 9 * L);
                b0 = p0.and(m).reinterpretAsFloats().fma(t, b0);
                b1 = p1.and(m).reinterpretAsFloats().fma(t, b1);
                VarHandle.loadLoadFence();
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 10])).reinterpretAsFloats();
                m = IntVector.fromArray(I, masks, 10 * L);
                c0 = p0.and(m).reinterpretAsFloats().fma(t, c0);
                c1 = p1.and(m).reinterpretAsFloats().fma(t, c1);
                VarHandle.loadLoadFence();
                p0 = IntVector.fromMemorySegment(I, ALL, w, LE).lanewise(SHR, 22);
                p1 = IntVector.fromMemorySegment(I, ALL, w + BYTES, LE).lanewise(SHR, 22);
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 11])).reinterpretAsFloats();
                d0 = p0.and(low).reinterpretAsFloats().fma(t, d0);
                d1 = p1.and(low).reinterpretAsFloats().fma(t, d1);
                VarHandle.loadLoadFence();
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 12])).reinterpretAsFloats();
                m = IntVector.fromArray(I, masks, L);
                a0 = p0.and(m).reinterpretAsFloats().fma(t, a0);
                a1 = p1.and(m).reinterpretAsFloats().fma(t, a1);
                VarHandle.loadLoadFence();
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 13])).reinterpretAsFloats();
                m = IntVector.fromArray(I, masks, 2 * L);
                b0 = p0.and(m).reinterpretAsFloats().fma(t, b0);
                b1 = p1.and(m).reinterpretAsFloats().fma(t, b1);
                VarHandle.loadLoadFence();
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 14])).reinterpretAsFloats();
                m = IntVector.fromArray(I, masks, 3 * L);
                c0 = p0.and(m).reinterpretAsFloats().fma(t, c0);
                c1 = p1.and(m).reinterpretAsFloats().fma(t, c1);
                VarHandle.loadLoadFence();
                t = IntVector.broadcast(I, floatToRawIntBits(x[k + 15])).reinterpretAsFloats();
                d0 = p0.lanewise(SHR, 8).reinterpretAsFloats().fma(t, d0);
                d1 = p1.lanewise(SHR, 8).reinterpretAsFloats().fma(t, d1);
                w += ROW;
                k += 16;
            }
            IntVector keep = IntVector.broadcast(I, KEEP);
            FloatVector bias = FloatVector.broadcast(F, BIAS);
            FloatVector minusBias = FloatVector.broadcast(F, -BIAS);
            FloatVector sum = FloatVector.broadcast(F, sums[sumsAt + g]);
            FloatVector group0 = a0.add(b0).add(c0.add(d0));
            FloatVector group1 = a1.add(b1).add(c1.add(d1));
            FloatVector result0 = FloatVector.fromArray(F, y, yAt);
            FloatVector result1 = FloatVector.fromArray(F, y, yAt + L);
            IntVector aux0 = IntVector.fromMemorySegment(I, ALL, aux, LE);
            IntVector aux1 = IntVector.fromMemorySegment(I, ALL, aux + BYTES, LE);
            if (halves) {
                FloatVector z0 =
                        aux0.lanewise(SAR, 3).and(keep).reinterpretAsFloats().mul(minusBias);
                FloatVector s0 = aux0.lanewise(SHL, 16)
                        .lanewise(SAR, 3)
                        .and(keep)
                        .reinterpretAsFloats()
                        .mul(bias);
                result0 = z0.fma(sum, group0).fma(s0, result0);
                FloatVector z1 =
                        aux1.lanewise(SAR, 3).and(keep).reinterpretAsFloats().mul(minusBias);
                FloatVector s1 = aux1.lanewise(SHL, 16)
                        .lanewise(SAR, 3)
                        .and(keep)
                        .reinterpretAsFloats()
                        .mul(bias);
                result1 = z1.fma(sum, group1).fma(s1, result1);
            } else {
                FloatVector z0 =
                        FloatVector.fromMemorySegment(F, ALL, aux + ROW, LE).neg();
                FloatVector z1 = FloatVector.fromMemorySegment(F, ALL, aux + ROW + BYTES, LE)
                        .neg();
                result0 = z0.fma(sum, group0).fma(aux0.reinterpretAsFloats(), result0);
                result1 = z1.fma(sum, group1).fma(aux1.reinterpretAsFloats(), result1);
            }
            result0.intoArray(y, yAt);
            result1.intoArray(y, yAt + L);
        }
    }
}
