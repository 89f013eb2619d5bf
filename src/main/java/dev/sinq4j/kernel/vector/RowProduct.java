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
        FloatVector total = a.add(b).add(c.add(d));
        if (L > 8) total = total.add(total.rearrange(HALVES));
        if (L > 4) total = total.add(total.rearrange(QUARTERS));
        total = total.add(total.rearrange(PAIRS));
        float sum = total.add(total.rearrange(NEIGHBOURS)).lane(0);
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
        FloatVector total = a.add(b).add(c.add(d));
        if (L > 8) total = total.add(total.rearrange(HALVES));
        if (L > 4) total = total.add(total.rearrange(QUARTERS));
        total = total.add(total.rearrange(PAIRS));
        float sum = total.add(total.rearrange(NEIGHBOURS)).lane(0);
        for (int i = 2 * k; i < columns; i++)
            sum += BFloat16.toFloat(ALL.get(SHORT, row + 2L * i)) * x[(i % 2 == 0 ? even : odd) + i / 2];
        return sum;
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
        FloatVector total = a.add(b).add(c.add(d));
        if (L > 8) total = total.add(total.rearrange(HALVES));
        if (L > 4) total = total.add(total.rearrange(QUARTERS));
        total = total.add(total.rearrange(PAIRS));
        float sum = total.add(total.rearrange(NEIGHBOURS)).lane(0) * HALF_INPUT;
        for (int i = 2 * k; i < columns; i++) {
            float weight = Float.float16ToFloat(ALL.get(SHORT, row + 2L * i));
            sum += weight * (x[(i % 2 == 0 ? even : odd) + i / 2] / HALF_INPUT);
        }
        return sum;
    }
}
