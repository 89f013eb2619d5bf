package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.F;
import static dev.sinq4j.kernel.vector.Lanes.GREATER;
import static dev.sinq4j.kernel.vector.Lanes.HALVES;
import static dev.sinq4j.kernel.vector.Lanes.L;
import static dev.sinq4j.kernel.vector.Lanes.NEIGHBOURS;
import static dev.sinq4j.kernel.vector.Lanes.PAIRS;
import static dev.sinq4j.kernel.vector.Lanes.QUARTERS;

import jdk.incubator.vector.FloatVector;

/** The largest number of a row; NaN is passed over. */
final class Largest {

    private Largest() {}

    /**
     * Multiplies the row by a positive factor first.
     *
     * @param count of numbers, a multiple of L
     */
    static float scaled(float[] x, int at, int count, float factor) {
        FloatVector m = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
        for (int i = at; i < at + count; i += L) {
            FloatVector v = FloatVector.fromArray(F, x, i).mul(factor);
            v.intoArray(x, i);
            m = m.blend(v, v.compare(GREATER, m));
        }
        FloatVector o;
        if (L > 8) {
            o = m.rearrange(HALVES);
            m = m.blend(o, o.compare(GREATER, m));
        }
        if (L > 4) {
            o = m.rearrange(QUARTERS);
            m = m.blend(o, o.compare(GREATER, m));
        }
        o = m.rearrange(PAIRS);
        m = m.blend(o, o.compare(GREATER, m));
        o = m.rearrange(NEIGHBOURS);
        return m.blend(o, o.compare(GREATER, m)).lane(0);
    }
}
