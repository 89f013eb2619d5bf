package dev.sinq4j.kernel;

/** The best time of many calls, printed beside what the machine can do at best, measured in the same process. */
final class Stopwatch {

    private final MachineProbe probe;
    private long best = Long.MAX_VALUE;

    Stopwatch(int threads) {
        probe = MachineProbe.measure(threads);
    }

    void time(Runnable call) {
        long start = System.nanoTime();
        call.run();
        best = Math.min(best, System.nanoTime() - start);
    }

    /** GB/s of a call that has to read so many bytes. */
    void printBytes(String what, double bytes) {
        print(what, bytes, "GB/s", probe.readBytesPerSecond());
    }

    /** GFLOP/s of a call that has to do so many multiplications and additions. */
    void printOperations(String what, double operations) {
        print(what, operations, "GFLOP/s", probe.fp32OperationsPerSecond());
    }

    private void print(String what, double amount, String unit, double limit) {
        double rate = amount / (best * 1e-9);
        System.out.printf(
                "%n%s: best %.3f ms, %.1f %s, %.2f of the probe's %.1f (%s)%n",
                what, best * 1e-6, rate / 1e9, unit, rate / limit, limit / 1e9, probe.description());
    }
}
