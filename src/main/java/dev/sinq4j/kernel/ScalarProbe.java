package dev.sinq4j.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The probe's loops as the just-in-time compiler vectorizes them by itself. */
final class ScalarProbe implements MachineProbe.Loops {

    private static final int NUMBERS = 256;

    @Override
    public long sum(MemorySegment memory, long from, long bytes) {
        long sum = 0;
        for (long at = from; at < from + bytes; at += 8) sum += memory.get(ValueLayout.JAVA_LONG, at);
        return sum;
    }

    @Override
    public long sumFourRuns(MemorySegment memory, long from, long bytes) {
        long quarter = bytes / 4;
        long sum = 0;
        for (long at = from; at < from + quarter; at += 8)
            for (int run = 0; run < 4; run++) sum += memory.get(ValueLayout.JAVA_LONG, at + run * quarter);
        return sum;
    }

    @Override
    public float multiplyAdd(int rounds, float factor) {
        float[] sums = new float[NUMBERS];
        for (int round = 0; round < rounds; round++)
            for (int i = 0; i < NUMBERS; i++) sums[i] = Math.fma(sums[i], factor, factor);
        return sums[0];
    }

    @Override
    public int operationsPerRound() {
        return 2 * NUMBERS;
    }
}
