package dev.sinq4j.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What this machine can do at best, measured here and now: the limits that kernels are judged by. Takes about a second.
 *
 * @param threads              that worked
 * @param readBytesPerSecond   summing memory far larger than the caches, each thread in one run or in four, whichever is faster
 * @param fp32OperationsPerSecond multiplications and additions of fused multiply-adds that never leave the registers
 */
public record MachineProbe(int threads, double readBytesPerSecond, double fp32OperationsPerSecond) {

    private static final long BYTES = 256L << 20;
    private static final int PARTS_A_THREAD = 8;
    private static final int ROUNDS = 2_000;
    private static final int REPETITIONS = 12;

    /** The two loops; without the Vector API slower ones, and so are the kernels. */
    public interface Loops {

        /** Reads {@code bytes}, a multiple of 512, from an address on and returns what keeps the reads alive. */
        long sum(MemorySegment memory, long from, long bytes);

        /** The same, as four runs of a quarter each that advance together. */
        long sumFourRuns(MemorySegment memory, long from, long bytes);

        /** {@link #operationsPerRound} times {@code rounds} operations. */
        float multiplyAdd(int rounds, float factor);

        /** Multiplications and additions of one round. */
        int operationsPerRound();
    }

    /**
     * Measures with a team of its own.
     *
     * @param threads 0 for one a processor
     */
    public static MachineProbe measure(int threads) {
        try (Workers workers = new Workers(threads)) {
            return measure(workers, KernelChoice.probeLoops());
        }
    }

    /** For people, for example {@code 2 threads: reads 32.2 GB/s, 226 fp32 GFLOP/s}. */
    public String description() {
        return String.format(
                "%d %s: reads %.1f GB/s, %.0f fp32 GFLOP/s",
                threads, threads == 1 ? "thread" : "threads", readBytesPerSecond / 1e9, fp32OperationsPerSecond / 1e9);
    }

    private static MachineProbe measure(Workers workers, Loops loops) {
        int parts = workers.threads() * PARTS_A_THREAD;
        long share = BYTES / parts / 4096 * 4096;
        double read;
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(BYTES, 4096).fill((byte) 1);
            double one = best(workers, parts, part -> loops.sum(memory, part * share, share));
            double four = best(workers, parts, part -> loops.sumFourRuns(memory, part * share, share));
            read = share * parts / Math.min(one, four);
        }
        double operations = (double) parts * ROUNDS * loops.operationsPerRound();
        double compute = operations / best(workers, parts, part -> (long) loops.multiplyAdd(ROUNDS, 1e-9f * part));
        return new MachineProbe(workers.threads(), read, compute);
    }

    private interface Part {
        long run(int part);
    }

    private static double best(Workers workers, int parts, Part part) {
        long[] sinks = new long[parts * 8]; // a cache line each
        long best = Long.MAX_VALUE;
        for (int i = 0; i < REPETITIONS; i++) {
            long start = System.nanoTime();
            workers.run(parts, (unit, worker) -> sinks[unit * 8] += part.run(unit));
            best = Math.min(best, System.nanoTime() - start);
        }
        return best * 1e-9;
    }
}
