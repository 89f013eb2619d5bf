package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.BYTES;
import static dev.sinq4j.kernel.vector.Lanes.F;
import static dev.sinq4j.kernel.vector.Lanes.I;
import static dev.sinq4j.kernel.vector.Lanes.L;
import static dev.sinq4j.kernel.vector.Lanes.LE;

import dev.sinq4j.kernel.MachineProbe;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** The probe's loops on full vectors: four reads, and eight independent chains of multiply-adds, at a time. */
public final class VectorProbe implements MachineProbe.Loops {

    private static final int STEPS = 128;
    private static final int CHAINS = 12;

    /** For {@link MachineProbe}. */
    public VectorProbe() {}

    @Override
    public long sum(MemorySegment memory, long from, long bytes) {
        IntVector a = IntVector.zero(I);
        IntVector b = IntVector.zero(I);
        IntVector c = IntVector.zero(I);
        IntVector d = IntVector.zero(I);
        for (long at = from; at < from + bytes; at += 4L * BYTES) {
            a = a.add(IntVector.fromMemorySegment(I, memory, at, LE));
            b = b.add(IntVector.fromMemorySegment(I, memory, at + BYTES, LE));
            c = c.add(IntVector.fromMemorySegment(I, memory, at + 2L * BYTES, LE));
            d = d.add(IntVector.fromMemorySegment(I, memory, at + 3L * BYTES, LE));
        }
        return a.add(b).add(c.add(d)).lane(0);
    }

    @Override
    public long sumFourRuns(MemorySegment memory, long from, long bytes) {
        long quarter = bytes / 4;
        IntVector a = IntVector.zero(I);
        IntVector b = IntVector.zero(I);
        IntVector c = IntVector.zero(I);
        IntVector d = IntVector.zero(I);
        for (long at = from; at < from + quarter; at += BYTES) {
            a = a.add(IntVector.fromMemorySegment(I, memory, at, LE));
            b = b.add(IntVector.fromMemorySegment(I, memory, at + quarter, LE));
            c = c.add(IntVector.fromMemorySegment(I, memory, at + 2 * quarter, LE));
            d = d.add(IntVector.fromMemorySegment(I, memory, at + 3 * quarter, LE));
        }
        return a.add(b).add(c.add(d)).lane(0);
    }

    @Override
    public float multiplyAdd(int rounds, float factor) {
        float sum = 0;
        for (int round = 0; round < rounds; round++) sum += round(factor);
        return sum;
    }

    private static float round(float factor) {
        FloatVector x = FloatVector.broadcast(F, factor);
        FloatVector a = x;
        FloatVector b = x;
        FloatVector c = x;
        FloatVector d = x;
        FloatVector e = x;
        FloatVector f = x;
        FloatVector g = x;
        FloatVector h = x;
        FloatVector j = x;
        FloatVector k = x;
        FloatVector l = x;
        FloatVector m = x;
        for (int i = 0; i < STEPS; i++) {
            a = a.fma(x, x);
            b = b.fma(x, x);
            c = c.fma(x, x);
            d = d.fma(x, x);
            e = e.fma(x, x);
            f = f.fma(x, x);
            g = g.fma(x, x);
            h = h.fma(x, x);
            j = j.fma(x, x);
            k = k.fma(x, x);
            l = l.fma(x, x);
            m = m.fma(x, x);
        }
        return a.add(b)
                .add(c.add(d))
                .add(e.add(f).add(g.add(h)))
                .add(j.add(k).add(l.add(m)))
                .lane(0);
    }

    @Override
    public int operationsPerRound() {
        return STEPS * CHAINS * 2 * L;
    }
}
