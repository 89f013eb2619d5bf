package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.HalfBits.KEEP;
import static dev.sinq4j.kernel.vector.Lanes.ALL;
import static dev.sinq4j.kernel.vector.Lanes.BYTES;
import static dev.sinq4j.kernel.vector.Lanes.F;
import static dev.sinq4j.kernel.vector.Lanes.HALVES;
import static dev.sinq4j.kernel.vector.Lanes.I;
import static dev.sinq4j.kernel.vector.Lanes.L;
import static dev.sinq4j.kernel.vector.Lanes.LE;
import static dev.sinq4j.kernel.vector.Lanes.NEIGHBOURS;
import static dev.sinq4j.kernel.vector.Lanes.PAIRS;
import static dev.sinq4j.kernel.vector.Lanes.QUARTERS;
import static dev.sinq4j.kernel.vector.Lanes.SAR;
import static dev.sinq4j.kernel.vector.Lanes.SHL;

import dev.sinq4j.tensor.BFloat16;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** One dense row, in memory as stored, times one vector of activations. Sums run in fp32 lanes. */
final class RowProduct {

    /**
     * Factor on the activations that meet fp16 weights: these are widened without correcting the exponent's bias, that is
     * 2^112 too small, and half the correction comes before and half after the sum lest either overflow or underflow. An
     * fp16 infinity or NaN, which no weight should be, reads as a number of its exponent.
     */
    static final float HALF_INPUT = 0x1p56f;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private RowProduct() {}

    /** fp32. x: {@code columns} numbers from {@code at} on. */
    static float single(long row, int columns, float[] x, int at) {
        FloatVector a = FloatVector.zero(F);
        FloatVector b = FloatVector.zero(F);
        FloatVector c = FloatVector.zero(F);
        FloatVector d = FloatVector.zero(F);
        long w = row;
        int k = 0;
        for (; k <= columns - 4 * L; k += 4 * L) {
            a = FloatVector.fromMemorySegment(F, ALL, w, LE).fma(FloatVector.fromArray(F, x, at + k), a);
            b = FloatVector.fromMemorySegment(F, ALL, w + BYTES, LE).fma(FloatVector.fromArray(F, x, at + k + L), b);
            c = FloatVector.fromMemorySegment(F, ALL, w + 2L * BYTES, LE)
                    .fma(FloatVector.fromArray(F, x, at + k + 2 * L), c);
            d = FloatVector.fromMemorySegment(F, ALL, w + 3L * BYTES, LE)
                    .fma(FloatVector.fromArray(F, x, at + k + 3 * L), d);
            w += 4L * BYTES;
        }
        for (; k <= columns - L; k += L) {
            a = FloatVector.fromMemorySegment(F, ALL, w, LE).fma(FloatVector.fromArray(F, x, at + k), a);
            w += BYTES;
        }
        float sum = sum(a.add(b).add(c.add(d)));
        for (; k < columns; k++) sum += ALL.get(FLOAT, row + 4L * k) * x[at + k];
        return sum;
    }

    /** bf16. The even columns' activations start at {@code even}, the odd ones' at {@code odd}. */
    static float brain(long row, int columns, float[] x, int even, int odd) {
        IntVector high = IntVector.broadcast(I, 0xFFFF0000);
        FloatVector a = FloatVector.zero(F);
        FloatVector b = FloatVector.zero(F);
        FloatVector c = FloatVector.zero(F);
        FloatVector d = FloatVector.zero(F);
        long w = row;
        int k = 0;
        for (; k <= columns / 2 - 2 * L; k += 2 * L) {
            IntVector p = IntVector.fromMemorySegment(I, ALL, w, LE);
            IntVector q = IntVector.fromMemorySegment(I, ALL, w + BYTES, LE);
            a = p.lanewise(SHL, 16).reinterpretAsFloats().fma(FloatVector.fromArray(F, x, even + k), a);
            b = p.and(high).reinterpretAsFloats().fma(FloatVector.fromArray(F, x, odd + k), b);
            c = q.lanewise(SHL, 16).reinterpretAsFloats().fma(FloatVector.fromArray(F, x, even + k + L), c);
            d = q.and(high).reinterpretAsFloats().fma(FloatVector.fromArray(F, x, odd + k + L), d);
            w += 2L * BYTES;
        }
        for (; k <= columns / 2 - L; k += L) {
            IntVector p = IntVector.fromMemorySegment(I, ALL, w, LE);
            a = p.lanewise(SHL, 16).reinterpretAsFloats().fma(FloatVector.fromArray(F, x, even + k), a);
            b = p.and(high).reinterpretAsFloats().fma(FloatVector.fromArray(F, x, odd + k), b);
            w += BYTES;
        }
        float sum = sum(a.add(b).add(c.add(d)));
        for (int i = 2 * k; i < columns; i++)
            sum += BFloat16.toFloat(ALL.get(SHORT, row + 2L * i)) * x[(i % 2 == 0 ? even : odd) + i / 2];
        return sum;
    }

    /**
     * {@link #brain} of four rows {@code distance} rows apart, with the same sums: {@code y[at + i distance]} for i = 0 to 3.
     *
     * @param columns a multiple of 4 L
     */
    static void fourBrains(long row, int distance, int columns, float[] x, int even, int odd, float[] y, int at) {
        IntVector high = IntVector.broadcast(I, 0xFFFF0000);
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
        long w = row;
        long stride = 2L * columns * distance;
        for (int k = 0; k < columns / 2; k += 2 * L) {
            FloatVector e = FloatVector.fromArray(F, x, even + k);
            FloatVector o = FloatVector.fromArray(F, x, odd + k);
            FloatVector f = FloatVector.fromArray(F, x, even + k + L);
            FloatVector p = FloatVector.fromArray(F, x, odd + k + L);
            IntVector u0 = IntVector.fromMemorySegment(I, ALL, w, LE);
            a0 = u0.lanewise(SHL, 16).reinterpretAsFloats().fma(e, a0);
            b0 = u0.and(high).reinterpretAsFloats().fma(o, b0);
            IntVector v0 = IntVector.fromMemorySegment(I, ALL, w + BYTES, LE);
            c0 = v0.lanewise(SHL, 16).reinterpretAsFloats().fma(f, c0);
            d0 = v0.and(high).reinterpretAsFloats().fma(p, d0);
            IntVector u1 = IntVector.fromMemorySegment(I, ALL, w + stride, LE);
            a1 = u1.lanewise(SHL, 16).reinterpretAsFloats().fma(e, a1);
            b1 = u1.and(high).reinterpretAsFloats().fma(o, b1);
            IntVector v1 = IntVector.fromMemorySegment(I, ALL, w + stride + BYTES, LE);
            c1 = v1.lanewise(SHL, 16).reinterpretAsFloats().fma(f, c1);
            d1 = v1.and(high).reinterpretAsFloats().fma(p, d1);
            IntVector u2 = IntVector.fromMemorySegment(I, ALL, w + 2 * stride, LE);
            a2 = u2.lanewise(SHL, 16).reinterpretAsFloats().fma(e, a2);
            b2 = u2.and(high).reinterpretAsFloats().fma(o, b2);
            IntVector v2 = IntVector.fromMemorySegment(I, ALL, w + 2 * stride + BYTES, LE);
            c2 = v2.lanewise(SHL, 16).reinterpretAsFloats().fma(f, c2);
            d2 = v2.and(high).reinterpretAsFloats().fma(p, d2);
            IntVector u3 = IntVector.fromMemorySegment(I, ALL, w + 3 * stride, LE);
            a3 = u3.lanewise(SHL, 16).reinterpretAsFloats().fma(e, a3);
            b3 = u3.and(high).reinterpretAsFloats().fma(o, b3);
            IntVector v3 = IntVector.fromMemorySegment(I, ALL, w + 3 * stride + BYTES, LE);
            c3 = v3.lanewise(SHL, 16).reinterpretAsFloats().fma(f, c3);
            d3 = v3.and(high).reinterpretAsFloats().fma(p, d3);
            w += 2L * BYTES;
        }
        y[at] = sum(a0.add(b0).add(c0.add(d0)));
        y[at + distance] = sum(a1.add(b1).add(c1.add(d1)));
        y[at + 2 * distance] = sum(a2.add(b2).add(c2.add(d2)));
        y[at + 3 * distance] = sum(a3.add(b3).add(c3.add(d3)));
    }

    /** fp16; the activations carry {@link #HALF_INPUT}. Otherwise as {@link #brain}. */
    static float half(long row, int columns, float[] x, int even, int odd) {
        IntVector keep = IntVector.broadcast(I, KEEP);
        FloatVector a = FloatVector.zero(F);
        FloatVector b = FloatVector.zero(F);
        FloatVector c = FloatVector.zero(F);
        FloatVector d = FloatVector.zero(F);
        long w = row;
        int k = 0;
        for (; k <= columns / 2 - 2 * L; k += 2 * L) {
            IntVector p = IntVector.fromMemorySegment(I, ALL, w, LE);
            IntVector q = IntVector.fromMemorySegment(I, ALL, w + BYTES, LE);
            a = p.lanewise(SHL, 16)
                    .lanewise(SAR, 3)
                    .and(keep)
                    .reinterpretAsFloats()
                    .fma(FloatVector.fromArray(F, x, even + k), a);
            b = p.lanewise(SAR, 3).and(keep).reinterpretAsFloats().fma(FloatVector.fromArray(F, x, odd + k), b);
            c = q.lanewise(SHL, 16)
                    .lanewise(SAR, 3)
                    .and(keep)
                    .reinterpretAsFloats()
                    .fma(FloatVector.fromArray(F, x, even + k + L), c);
            d = q.lanewise(SAR, 3).and(keep).reinterpretAsFloats().fma(FloatVector.fromArray(F, x, odd + k + L), d);
            w += 2L * BYTES;
        }
        for (; k <= columns / 2 - L; k += L) {
            IntVector p = IntVector.fromMemorySegment(I, ALL, w, LE);
            a = p.lanewise(SHL, 16)
                    .lanewise(SAR, 3)
                    .and(keep)
                    .reinterpretAsFloats()
                    .fma(FloatVector.fromArray(F, x, even + k), a);
            b = p.lanewise(SAR, 3).and(keep).reinterpretAsFloats().fma(FloatVector.fromArray(F, x, odd + k), b);
            w += BYTES;
        }
        float sum = sum(a.add(b).add(c.add(d))) * HALF_INPUT;
        for (int i = 2 * k; i < columns; i++) {
            float weight = Float.float16ToFloat(ALL.get(SHORT, row + 2L * i));
            sum += weight * (x[(i % 2 == 0 ? even : odd) + i / 2] / HALF_INPUT);
        }
        return sum;
    }

    /** Of all lanes, in an order that does not depend on warming up. */
    private static float sum(FloatVector lanes) {
        FloatVector total = lanes;
        if (L > 8) total = total.add(total.rearrange(HALVES));
        if (L > 4) total = total.add(total.rearrange(QUARTERS));
        total = total.add(total.rearrange(PAIRS));
        return total.add(total.rearrange(NEIGHBOURS)).lane(0);
    }
}
