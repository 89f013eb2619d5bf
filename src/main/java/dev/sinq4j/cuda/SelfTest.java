package dev.sinq4j.cuda;

import dev.sinq4j.engine.Activations;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.CpuBackend;
import dev.sinq4j.kernel.LinearWeight;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Holds a device's operations against the CPU's on fresh random input, then times them. */
public final class SelfTest {

    private static final int TIMES = 21;
    private static final int COPIED_BYTES = 1 << 28;

    private SelfTest() {}

    /**
     * What was found.
     *
     * @param device             its name
     * @param seed               of the random input
     * @param copyBytesPerSecond read and written, of a large copy on the device; 0 where nothing was timed
     */
    public record Report(String device, long seed, double copyBytesPerSecond, List<Result> results) {

        /** Whether every operation gave what the CPU gives. */
        public boolean passed() {
            return results.stream().allMatch(Result::passed);
        }
    }

    /**
     * One operation.
     *
     * @param difference     largest, relative to the largest number of its array; NaN if only one of the two is a number
     * @param tolerance      largest allowed
     * @param seconds        median; 0 where nothing was timed
     * @param bytes          that it must move
     * @param operations     multiplications and additions
     * @param shareOfCopying of the card's own copy bandwidth; 0 where nothing was timed
     */
    public record Result(
            String name,
            String file,
            boolean passed,
            double difference,
            double tolerance,
            double seconds,
            long bytes,
            long operations,
            double shareOfCopying) {}

    /**
     * Tests and times the device that {@link DeviceProbe} found.
     *
     * @throws dev.sinq4j.failure.UnavailableFailure if there is none
     */
    public static Report run(long seed) {
        try (CudaBackend gpu = CudaBackend.open()) {
            return run(gpu, seed, true);
        }
    }

    /** @param timed whether to time as well */
    static Report run(CudaBackend gpu, long seed, boolean timed) {
        double copy = timed ? copyBytesPerSecond(gpu.gpu()) : 0;
        List<Result> results = new ArrayList<>();
        try (Backend cpu = CpuBackend.create(0)) {
            for (KernelCheck check : KernelChecks.of(new Random(seed))) results.add(result(check, gpu, cpu, copy));
        }
        return new Report(gpu.description(), seed, copy, results);
    }

    private static double copyBytesPerSecond(Gpu gpu) {
        try (DeviceBuffer from = gpu.allocate(COPIED_BYTES, Purpose.WORKSPACE);
                DeviceBuffer to = gpu.allocate(COPIED_BYTES, Purpose.WORKSPACE)) {
            double[] seconds = new double[TIMES];
            for (int i = 0; i < TIMES; i++) seconds[i] = gpu.seconds(() -> gpu.copy(from, 0, to, 0, COPIED_BYTES));
            return 2.0 * COPIED_BYTES / median(seconds);
        }
    }

    private static Result result(KernelCheck check, CudaBackend gpu, Backend cpu, double copy) {
        float[][] expected = computed(check, cpu);
        double difference = difference(expected, computed(check, gpu));
        double seconds = copy == 0 ? 0 : seconds(check, gpu);
        return new Result(
                check.name(),
                check.file(),
                difference <= check.tolerance(),
                difference,
                check.tolerance(),
                seconds,
                check.bytes(),
                check.operations(),
                copy == 0 ? 0 : check.bytes() / seconds / copy);
    }

    private static @Nullable LinearWeight prepared(KernelCheck check, Backend backend, Arena arena) {
        return check.weight() == null ? null : backend.prepare(check.weight(), arena);
    }

    private static Activations[] arrays(KernelCheck check, Backend backend) {
        return Arrays.stream(check.arrays())
                .map(numbers -> {
                    Activations held = backend.allocate(numbers.length);
                    backend.write(numbers, numbers.length, held);
                    return held;
                })
                .toArray(Activations[]::new);
    }

    private static float[][] computed(KernelCheck check, Backend backend) {
        Activations[] held = arrays(check, backend);
        try (Arena arena = Arena.ofShared()) {
            check.operation().run(backend, prepared(check, backend, arena), held);
            float[][] after = new float[held.length][];
            for (int i = 0; i < held.length; i++) {
                after[i] = new float[held[i].size()];
                backend.read(held[i], 0, after[i].length, after[i]);
            }
            return after;
        } finally {
            for (Activations each : held) each.close();
        }
    }

    /** The device's last cache is overwritten before each time that counts. */
    private static double seconds(KernelCheck check, CudaBackend backend) {
        Gpu gpu = backend.gpu();
        Activations[] held = arrays(check, backend);
        try (Arena arena = Arena.ofShared();
                DeviceBuffer flush = gpu.allocate(2 * gpu.cacheBytes(), Purpose.WORKSPACE)) {
            LinearWeight weight = prepared(check, backend, arena);
            double[] seconds = new double[TIMES];
            for (int i = 0; i < TIMES; i++) {
                gpu.clear(flush, 0, flush.bytes());
                seconds[i] = gpu.seconds(() -> check.operation().run(backend, weight, held));
            }
            return median(seconds);
        } finally {
            for (Activations each : held) each.close();
        }
    }

    private static double median(double... seconds) {
        double[] sorted = seconds.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Largest difference of two numbers at one place, relative to the largest number of their array. */
    static double difference(float[][] expected, float[][] found) {
        double worst = 0;
        for (int a = 0; a < expected.length; a++) {
            double largest = 1e-30;
            for (float number : expected[a]) if (!Float.isNaN(number)) largest = Math.max(largest, Math.abs(number));
            for (int i = 0; i < expected[a].length; i++) {
                if (Float.isNaN(expected[a][i]) && Float.isNaN(found[a][i])) continue;
                double difference = Math.abs((double) expected[a][i] - found[a][i]) / largest;
                if (Double.isNaN(difference)) return Double.NaN;
                worst = Math.max(worst, difference);
            }
        }
        return worst;
    }
}
