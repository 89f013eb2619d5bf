package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.HalfBits.BIAS;
import static dev.sinq4j.kernel.vector.HalfBits.KEEP;
import static dev.sinq4j.kernel.vector.Lanes.ALL;
import static dev.sinq4j.kernel.vector.Lanes.F;
import static dev.sinq4j.kernel.vector.Lanes.I;
import static dev.sinq4j.kernel.vector.Lanes.L;
import static dev.sinq4j.kernel.vector.Lanes.LE;
import static dev.sinq4j.kernel.vector.Lanes.SAR;
import static dev.sinq4j.kernel.vector.Lanes.SHL;

import dev.sinq4j.tensor.BFloat16;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Widens part of a stored row to fp32, exactly. Of 16-bit numbers the even ones come first and the odd ones after them,
 * because that is how two of them lie in a 32-bit lane; {@link Transposition} puts them in order.
 */
final class RowReader {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private RowReader() {}

    /** fp32: {@code out[at + i] = number i}. */
    static void single(long from, int count, float[] out, int at) {
        int i = 0;
        for (; i <= count - L; i += L)
            FloatVector.fromMemorySegment(F, ALL, from + 4L * i, LE).intoArray(out, at + i);
        for (; i < count; i++) out[at + i] = ALL.get(FLOAT, from + 4L * i);
    }

    /** bf16: number 2 i to {@code out[at + i]}, number 2 i + 1 to {@code out[at + ceil(count / 2) + i]}. */
    static void brain(long from, int count, float[] out, int at) {
        IntVector high = IntVector.broadcast(I, 0xFFFF0000);
        int odd = at + (count + 1) / 2;
        int i = 0;
        for (; i <= count / 2 - L; i += L) {
            IntVector pair = IntVector.fromMemorySegment(I, ALL, from + 4L * i, LE);
            pair.lanewise(SHL, 16).reinterpretAsFloats().intoArray(out, at + i);
            pair.and(high).reinterpretAsFloats().intoArray(out, odd + i);
        }
        for (int j = 2 * i; j < count; j++)
            out[(j % 2 == 0 ? at : odd) + j / 2] = BFloat16.toFloat(ALL.get(SHORT, from + 2L * j));
    }

    /** fp16, finite numbers, in the order of {@link #brain}; see {@link HalfBits} for the arithmetic. */
    static void half(long from, int count, float[] out, int at) {
        IntVector keep = IntVector.broadcast(I, KEEP);
        FloatVector bias = FloatVector.broadcast(F, BIAS);
        int odd = at + (count + 1) / 2;
        int i = 0;
        for (; i <= count / 2 - L; i += L) {
            IntVector pair = IntVector.fromMemorySegment(I, ALL, from + 4L * i, LE);
            pair.lanewise(SHL, 16)
                    .lanewise(SAR, 3)
                    .and(keep)
                    .reinterpretAsFloats()
                    .mul(bias)
                    .intoArray(out, at + i);
            pair.lanewise(SAR, 3).and(keep).reinterpretAsFloats().mul(bias).intoArray(out, odd + i);
        }
        for (int j = 2 * i; j < count; j++)
            out[(j % 2 == 0 ? at : odd) + j / 2] = Float.float16ToFloat(ALL.get(SHORT, from + 2L * j));
    }
}
