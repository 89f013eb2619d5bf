package dev.sinq4j.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.engine.Activations;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.Columns;
import dev.sinq4j.engine.CpuBackend;
import dev.sinq4j.engine.Place;
import dev.sinq4j.kernel.Kernels;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The backend's own operations against those of the CPU; every array is longer than needed, and must stay as it is there. */
class CudaBackendTest {

    private static final int SLACK = 3;
    private static final float NEAR = 2e-6f;

    private final Random random = new Random(11);
    private CudaBackend gpu;
    private Backend cpu;

    @BeforeEach
    void open() {
        gpu = new CudaBackend(new EmulatedGpu());
        cpu = new CpuBackend(Kernels.create(1, "scalar"));
    }

    @AfterEach
    void close() {
        gpu.close();
        cpu.close();
    }

    private interface Operation {
        void run(Backend backend, Activations... arrays);
    }

    private float[] numbers(int count) {
        float[] numbers = new float[count + SLACK];
        for (int i = 0; i < numbers.length; i++) numbers[i] = (float) (random.nextGaussian() * 2);
        return numbers;
    }

    private static float[] poison(int count) {
        float[] numbers = new float[count + SLACK];
        Arrays.fill(numbers, Float.NaN);
        return numbers;
    }

    /** Runs an operation on copies of the arrays on both, and compares all of them afterwards. */
    private void compare(Operation operation, float[]... arrays) {
        float[][] expected = run(cpu, operation, arrays);
        float[][] found = run(gpu, operation, arrays);
        for (int a = 0; a < arrays.length; a++)
            for (int i = 0; i < arrays[a].length; i++)
                near(expected[a][i], found[a][i], "array " + a + ", number " + i);
    }

    private static void near(float expected, float found, String what) {
        if (Float.isNaN(expected)) assertTrue(Float.isNaN(found), what);
        else assertEquals(expected, found, NEAR * Math.max(1, Math.abs(expected)), what);
    }

    private static float[][] run(Backend backend, Operation operation, float[]... arrays) {
        Activations[] held = new Activations[arrays.length];
        for (int a = 0; a < arrays.length; a++) {
            held[a] = backend.allocate(arrays[a].length);
            backend.write(arrays[a], arrays[a].length, held[a]);
        }
        operation.run(backend, held);
        float[][] after = new float[arrays.length][];
        for (int a = 0; a < arrays.length; a++) {
            after[a] = new float[arrays[a].length];
            backend.read(held[a], 0, after[a].length, after[a]);
            held[a].close();
        }
        return after;
    }

    @ParameterizedTest(name = "{0} rows of {1}")
    @CsvSource({"1, 1", "3, 31", "2, 32", "5, 257", "1, 2050"})
    void norms(int rows, int width) {
        compare(
                (backend, a) -> backend.rmsNorm(a[0], rows, width, a[1], 1e-5f, a[2]),
                numbers(rows * width),
                numbers(width),
                poison(rows * width));
        compare(
                (backend, a) -> backend.rmsNorm(a[0], rows, width, a[1], 1e-5f, a[0]),
                numbers(rows * width),
                numbers(width));
    }

    @ParameterizedTest(name = "{0} tokens, {1} heads of {2}, {3} rotated")
    @CsvSource({"1, 1, 2, 2", "3, 5, 6, 4", "7, 4, 64, 64", "2, 3, 80, 20"})
    void rotates(int tokens, int heads, int headDim, int dim) {
        compare(
                (backend, a) -> backend.rope(a[0], tokens, heads, headDim, dim, a[1], a[2]),
                numbers(tokens * heads * headDim),
                numbers(tokens * dim / 2),
                numbers(tokens * dim / 2));
    }

    @ParameterizedTest(name = "{0} tokens, {1} heads of {2}, from {3} on")
    @CsvSource({"1, 1, 1, 0", "3, 2, 5, 4", "2, 4, 64, 9"})
    void storesKeys(int tokens, int heads, int dim, int start) {
        compare(
                (backend, a) -> {
                    try (Place place = backend.place()) {
                        place.moveTo(start);
                        backend.store(a[0], tokens, heads, dim, a[1], 11, place);
                    }
                },
                numbers(tokens * heads * dim),
                poison(heads * 11 * dim));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 255, 256, 1000})
    void appliesFunctionsToEachNumber(int count) {
        compare((backend, a) -> backend.swiGlu(a[0], a[1], count), numbers(count), numbers(count));
        compare((backend, a) -> backend.geGlu(a[0], a[1], count), numbers(count), numbers(count));
        compare((backend, a) -> backend.xielu(a[0], count, 0.7f, 1.3f, 0.5f, -1e-6f), numbers(count));
        compare((backend, a) -> backend.scale(a[0], count, 0.3f), numbers(count));
        compare((backend, a) -> backend.add(a[0], a[1], count), numbers(count), numbers(count));
        compare((backend, a) -> backend.clear(a[0], count), poison(count));
    }

    @Test
    void activationFunctionsKeepFarNumbersFinite() {
        float[] far = {-200, -90, -20, 20, 90, 200, 0, -0f};
        float[] ones = new float[far.length];
        Arrays.fill(ones, 1);
        compare((backend, a) -> backend.swiGlu(a[0], a[1], far.length), far.clone(), ones);
        compare((backend, a) -> backend.geGlu(a[0], a[1], far.length), far.clone(), ones);
        compare((backend, a) -> backend.xielu(a[0], far.length, 0.7f, 1.3f, 0.5f, -1e-6f), far.clone());
    }

    @Test
    void addsABiasToEachRow() {
        compare((backend, a) -> backend.addBias(a[0], 5, 71, a[1]), numbers(5 * 71), numbers(71));
    }

    @Test
    void copiesColumns() {
        compare(
                (backend, a) -> backend.copy(new Columns(a[0], 50, 7), new Columns(a[1], 33, 2), 9, 31),
                numbers(9 * 50),
                poison(9 * 33 + 2));
        compare(
                (backend, a) -> backend.copyPairsToHalves(new Columns(a[0], 50, 7), new Columns(a[1], 33, 2), 9, 30),
                numbers(9 * 50),
                poison(9 * 33 + 2));
    }

    @Test
    void gathersRows() {
        int[] rows = {4, 0, 4, 6};
        compare((backend, a) -> backend.gatherRows(a[0], rows, 70, a[1]), numbers(7 * 70), poison(4 * 70));
    }

    @Test
    void addsRowsThatDifferAndRowsThatDoNot() {
        for (int[] rows : new int[][] {{4, 0, 6}, {2, 2, 5, 2}, {}}) {
            float[] weights = Arrays.copyOf(new float[] {0.5f, -2, 0.1f, 3}, rows.length);
            compare(
                    (backend, a) -> backend.addRows(a[0], rows, weights, 300, a[1]),
                    numbers(rows.length * 300),
                    numbers(7 * 300));
        }
    }

    @Test
    void manyRowsAreAdded() {
        int[] rows = IntStream.range(0, 70_000).toArray();
        float[] weights = new float[rows.length];
        Arrays.fill(weights, 0.5f);
        compare(
                (backend, a) -> backend.addRows(a[0], rows, weights, 1, a[1]),
                numbers(rows.length),
                numbers(rows.length));
    }

    @Test
    void memoryIsCountedByPurpose() {
        MemoryAccount memory = gpu.gpu().memory();
        try (Activations cache = gpu.allocateCache(10);
                Activations activations = gpu.allocate(5)) {
            assertEquals(40, memory.current(Purpose.CACHE));
            assertEquals(20, memory.current(Purpose.ACTIVATIONS));
            assertEquals(15, cache.size() + activations.size());
        }
        assertEquals(0, memory.current(Purpose.CACHE));
        assertEquals(40, memory.peak(Purpose.CACHE));
    }

    @Test
    void activationsOfAnotherBackendAreRefused() {
        try (Activations host = cpu.allocate(4)) {
            assertThrows(IllegalArgumentException.class, () -> gpu.clear(host, 4));
        }
    }
}
