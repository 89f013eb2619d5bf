package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.F;
import static dev.sinq4j.kernel.vector.Lanes.HALVES;
import static dev.sinq4j.kernel.vector.Lanes.L;
import static dev.sinq4j.kernel.vector.Lanes.LESS;
import static dev.sinq4j.kernel.vector.Lanes.NEIGHBOURS;
import static dev.sinq4j.kernel.vector.Lanes.PAIRS;
import static dev.sinq4j.kernel.vector.Lanes.QUARTERS;
import static dev.sinq4j.kernel.vector.Lanes.SHL;

import jdk.incubator.vector.FloatVector;

/**
 * The exponential function in fp32 lanes, at most 2 units in the last place from the true value:
 *
 * <pre>
 *   x      = n ln 2 + f, |f| <= ln(2) / 2, ln 2 in two pieces so that f is exact to fp32
 *   exp(f) = Taylor's polynomial of degree 7, truncation below 6e-9
 *   exp(x) = exp(f) with n added to its exponent
 * </pre>
 *
 * Arguments are clamped to the range with normal results, so that exp(-infinity) is about 1e-38. The constants serve the
 * other loops that have the function written out, because a method that returned a vector would box it.
 */
final class Exponential {

    /** Adding and subtracting it rounds to a whole number, which then stands in the lowest bits. */
    static final float ROUNDER = 0x1.8p23f;

    static final float LOG2_E = (float) (1 / 0.6931471805599453);

    /** The first 15 bits of ln 2: a whole number below 2^9 times it is exact. */
    static final float LN2_HIGH = 0x1.62e4p-1f;

    static final float LN2_LOW = (float) (0.6931471805599453 - 0x1.62e4p-1);
    static final float DEGREE_2 = 1 / 2f;
    static final float DEGREE_3 = 1 / 6f;
    static final float DEGREE_4 = 1 / 24f;
    static final float DEGREE_5 = 1 / 120f;
    static final float DEGREE_6 = 1 / 720f;
    static final float DEGREE_7 = 1 / 5040f;
    static final float LOWEST = -87f;
    static final float HIGHEST = 88f;

    private Exponential() {}

    /**
     * {@code x = exp(x - shift)} for {@code count} numbers, a multiple of L.
     *
     * @return their sum, accumulated in fp32 lanes
     */
    static float shifted(float[] x, int at, int count, float shift) {
        FloatVector one = FloatVector.broadcast(F, 1);
        FloatVector sum = FloatVector.zero(F);
        for (int i = at; i < at + count; i += L) {
            FloatVector v = FloatVector.fromArray(F, x, i).sub(shift);
            v = v.blend(LOWEST, v.compare(LESS, LOWEST));
            FloatVector n = v.fma(FloatVector.broadcast(F, LOG2_E), FloatVector.broadcast(F, ROUNDER));
            FloatVector whole = n.sub(ROUNDER);
            FloatVector f = whole.fma(FloatVector.broadcast(F, -LN2_HIGH), v);
            f = whole.fma(FloatVector.broadcast(F, -LN2_LOW), f);
            FloatVector p = f.fma(FloatVector.broadcast(F, DEGREE_7), FloatVector.broadcast(F, DEGREE_6));
            p = p.fma(f, FloatVector.broadcast(F, DEGREE_5));
            p = p.fma(f, FloatVector.broadcast(F, DEGREE_4));
            p = p.fma(f, FloatVector.broadcast(F, DEGREE_3));
            p = p.fma(f, FloatVector.broadcast(F, DEGREE_2));
            p = p.fma(f, one).fma(f, one);
            FloatVector e = p.reinterpretAsInts()
                    .add(n.reinterpretAsInts().lanewise(SHL, 23))
                    .reinterpretAsFloats();
            e.intoArray(x, i);
            sum = sum.add(e);
        }
        if (L > 8) sum = sum.add(sum.rearrange(HALVES));
        if (L > 4) sum = sum.add(sum.rearrange(QUARTERS));
        sum = sum.add(sum.rearrange(PAIRS));
        return sum.add(sum.rearrange(NEIGHBOURS)).lane(0);
    }
}
