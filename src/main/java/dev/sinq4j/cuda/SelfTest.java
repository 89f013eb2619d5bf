package dev.sinq4j.cuda;

import dev.sinq4j.cuda.KernelCheck.Given;
import dev.sinq4j.engine.Activations;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.Place;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Holds a device's operations against the CPU's on fresh random input, then times them. */
public final class SelfTest {

    private static final int TIMES = 21;

    private SelfTest() {}

    /**
     * What was found.
     *
     * @param device its name
     * @param seed   of the random input
     * @param rates  what the device reaches; null where nothing was timed
     */
    public record Report(String device, long seed, @Nullable DeviceRates rates, List<Result> results) {

        /** Whether every operation gave what the CPU gives. */
        public boolean passed() {
            return results.stream().allMatch(Result::passed);
        }

        /** With more results. */
        public Report and(List<Result> more) {
            List<Result> all = new ArrayList<>(results);
            all.addAll(more);
            return new Report(device, seed, rates, List.copyOf(all));
        }
    }

    /**
     * One operation.
     *
     * @param difference        as it is compared, see {@link KernelCheck.Compared}; NaN if only one of the two is a number
     * @param tolerance         largest allowed
     * @param seconds           median; 0 where nothing was timed
     * @param bytes             that it must move
     * @param operations        multiplications and additions
     * @param shareOfCopying    of the card's own copy bandwidth; 0 where nothing was timed
     * @param shareOfMatrixRate of the card's own rate of bf16 products; 0 where nothing was timed
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
            double shareOfCopying,
            double shareOfMatrixRate) {

        /** @param rates null where nothing was timed */
        public static Result of(
                String name,
                String file,
                double difference,
                double tolerance,
                double seconds,
                long bytes,
                long operations,
                @Nullable DeviceRates rates) {
            return new Result(
                    name,
                    file,
                    difference <= tolerance,
                    difference,
                    tolerance,
                    seconds,
                    bytes,
                    operations,
                    rates == null ? 0 : bytes / seconds / rates.copyBytesPerSecond(),
                    rates == null ? 0 : operations / seconds / rates.matrixOperationsPerSecond());
        }
    }

    /** Tests and times a device. */
    public static Report run(CudaBackend gpu, Backend cpu, long seed) {
        return run(gpu, cpu, seed, DeviceRates.measure(gpu.gpu()));
    }

    /** @param rates null to time nothing */
    static Report run(CudaBackend gpu, Backend cpu, long seed, @Nullable DeviceRates rates) {
        List<Result> results = new ArrayList<>();
        for (KernelCheck check : KernelChecks.of(new Random(seed))) results.add(result(check, gpu, cpu, rates));
        if (gpu.recordsSteps()) results.add(RecordedCheck.result(gpu, new Random(seed)));
        return new Report(gpu.description(), seed, rates, results);
    }

    /** The few operations of a quick look that do not give what the CPU gives, by name. */
    static List<String> quick(CudaBackend gpu, Backend cpu, long seed) {
        List<Result> results = new ArrayList<>();
        for (KernelCheck check : KernelChecks.quick(new Random(seed))) results.add(result(check, gpu, cpu, null));
        if (gpu.recordsSteps()) results.add(RecordedCheck.result(gpu, new Random(seed)));
        return results.stream()
                .filter(result -> !result.passed())
                .map(Result::name)
                .toList();
    }

    private static Result result(KernelCheck check, CudaBackend gpu, Backend cpu, @Nullable DeviceRates rates) {
        float[][] expected = computed(check, cpu);
        float[][] found = computed(check, gpu);
        double difference = switch (check.compared()) {
            case LARGEST -> difference(expected, found);
            case SHARE -> share(expected, found);
        };
        return Result.of(
                check.name(),
                check.file(),
                difference,
                check.tolerance(),
                rates == null ? 0 : seconds(check, gpu),
                check.bytes(),
                check.operations(),
                rates);
    }

    private static Given given(KernelCheck check, Backend backend, Place start, Arena arena) {
        start.moveTo(check.start());
        return new Given(check.weight() == null ? null : backend.prepare(check.weight(), arena), start);
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
        try (Arena arena = Arena.ofShared();
                Place start = backend.place()) {
            check.operation().run(backend, given(check, backend, start, arena), held);
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
                Place start = backend.place();
                DeviceBuffer flush = gpu.allocate(2 * gpu.cacheBytes(), Purpose.WORKSPACE)) {
            Given given = given(check, backend, start, arena);
            double[] seconds = new double[TIMES];
            for (int i = 0; i < TIMES; i++) {
                gpu.clear(flush, 0, flush.bytes());
                seconds[i] = gpu.seconds(() -> check.operation().run(backend, given, held));
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

    /** Share of the numbers that are not the same. */
    static double share(float[][] expected, float[][] found) {
        long differing = 0;
        long all = 0;
        for (int a = 0; a < expected.length; a++) {
            all += expected[a].length;
            for (int i = 0; i < expected[a].length; i++) if (expected[a][i] != found[a][i]) differing++;
        }
        return (double) differing / all;
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
