package dev.sinq4j.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sinq4j.tensor.BFloat16;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The emulated device language itself: what the tests of the kernels rest on. */
class EmulationTest {

    private EmulatedGpu gpu;

    @BeforeEach
    void open() {
        gpu = new EmulatedGpu();
    }

    @AfterEach
    void close() {
        gpu.close();
    }

    private void launch(String name, Grid grid, Object... arguments) {
        gpu.launch(new Kernel("emulation", name), grid, arguments);
    }

    @Test
    void aBarrierCountsTheThreadsThatAreStillThere() {
        DeviceBuffer out = DeviceArrays.of(gpu, new int[70]);
        launch("barrier_after_exit", Grid.of(1, 70), out, 33);
        int[] expected = new int[70];
        Arrays.fill(expected, 0, 33, 33);
        assertArrayEquals(expected, DeviceArrays.ints(gpu, out));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 31, 32, 100, 1024})
    void everyThreadSeesWhatTheOthersWroteBeforeTheBarrier(int threads) {
        DeviceBuffer in = DeviceArrays.of(gpu, IntStream.range(0, 3 * threads).toArray());
        DeviceBuffer out = DeviceArrays.poisoned(gpu, 12L * threads);
        launch("reverse", Grid.of(3, threads).withShared(4 * threads), in, out);
        int[] expected = IntStream.range(0, 3 * threads)
                .map(i -> i / threads * threads + threads - 1 - i % threads)
                .toArray();
        assertArrayEquals(expected, DeviceArrays.ints(gpu, out));
    }

    @Test
    void shufflesReadTheLanesTheyNameAndPoisonFromLanesThatLeft() {
        DeviceBuffer out = DeviceArrays.poisoned(gpu, 16 * 40);
        launch("shuffles", Grid.of(1, 40), out, 37);
        int[] found = DeviceArrays.ints(gpu, out);
        for (int t = 0; t < 37; t++) {
            int warp = t / 32 * 32;
            assertEquals(warp + 3, found[4 * t], "lane 3 for thread " + t);
            assertEquals((t ^ 1) < 37 ? t ^ 1 : -1, found[4 * t + 1], "the neighbour of thread " + t);
            int below = t % 32 + 2 < 32 ? t + 2 : t;
            assertEquals(below < 37 ? below : -1, found[4 * t + 2], "two on from thread " + t);
            assertEquals(t % 8 >= 2 ? t - 2 : t, found[4 * t + 3], "two before thread " + t);
        }
        for (int i = 4 * 37; i < found.length; i++) assertEquals(-1, found[i], "number " + i + " stays as it was");
    }

    @Test
    void partsOfAWarpGoTheirOwnWaysAndMeetAgain() {
        DeviceBuffer out = DeviceArrays.poisoned(gpu, 4 * 64);
        launch("halves_then_whole", Grid.of(1, 64), out);
        float[] expected = new float[64];
        Arrays.fill(expected, 496); // 0 + 1 + ... + 31
        assertArrayEquals(expected, DeviceArrays.floats(gpu, out));
    }

    @ParameterizedTest
    @ValueSource(strings = {"product", "product_through_shared"})
    void aMatrixProductIsThePlainProduct(String kernel) {
        Random random = new Random(7);
        short[] a = wholeNumbers(random, 16 * 16);
        short[] b = wholeNumbers(random, 8 * 16);
        DeviceBuffer out = DeviceArrays.of(gpu, new float[16 * 8]);
        launch(kernel, Grid.of(1, 32), DeviceArrays.of(gpu, a), DeviceArrays.of(gpu, b), out);
        float[] expected = new float[16 * 8];
        for (int m = 0; m < 16; m++)
            for (int n = 0; n < 8; n++)
                for (int k = 0; k < 16; k++)
                    expected[m * 8 + n] += BFloat16.toFloat(a[m * 16 + k]) * BFloat16.toFloat(b[n * 16 + k]);
        assertArrayEquals(expected, DeviceArrays.floats(gpu, out));
    }

    private static short[] wholeNumbers(Random random, int count) {
        short[] bits = new short[count];
        for (int i = 0; i < count; i++) bits[i] = BFloat16.fromFloat(random.nextInt(-100, 100));
        return bits;
    }

    @Test
    void aMatrixLoadTransposes() {
        short[] in = new short[64];
        for (int i = 0; i < 64; i++) in[i] = (short) i;
        DeviceBuffer out = DeviceArrays.poisoned(gpu, 128);
        launch("transpose8", Grid.of(1, 32), DeviceArrays.of(gpu, in), out);
        short[] expected = new short[64];
        for (int i = 0; i < 64; i++) expected[i] = (short) (i % 8 * 8 + i / 8);
        assertArrayEquals(expected, DeviceArrays.shorts(gpu, out));
    }

    @Test
    void anAsynchronousCopyIsNotThereBeforeItIsWaitedFor() {
        DeviceBuffer out = DeviceArrays.of(gpu, new int[1]);
        launch("forgets_to_wait", Grid.of(1, 1), DeviceArrays.of(gpu, new int[] {1, 2, 3, 4}), out);
        assertArrayEquals(new int[] {-1}, DeviceArrays.ints(gpu, out));
    }

    @ParameterizedTest(name = "number {0}: {1}")
    @CsvSource({"-64, 253 bytes before", "-1, 1 bytes before", "5, 0 bytes behind", "68, 252 bytes behind"})
    void aWriteOutOfBoundsIsFound(long at, String where) {
        DeviceBuffer out = gpu.allocate(20, Purpose.WORKSPACE);
        var error = assertThrows(AssertionError.class, () -> launch("writes_at", Grid.of(1, 1), out, at));
        assertEquals("emulation.writes_at wrote " + where + " a buffer of 20 bytes", error.getMessage());
        assertThrows(AssertionError.class, out::close);
    }

    @Test
    void sharedMemoryIsPoisonWhenABlockStarts() {
        DeviceBuffer fixed = DeviceArrays.of(gpu, new int[3]);
        DeviceBuffer dynamic = DeviceArrays.of(gpu, new int[3]);
        launch("looks_at_shared", Grid.of(3, 1).withShared(4), fixed, dynamic);
        assertArrayEquals(new int[] {-1, -1, -1}, DeviceArrays.ints(gpu, fixed));
        assertArrayEquals(new int[] {-1, -1, -1}, DeviceArrays.ints(gpu, dynamic));
    }

    @Test
    void aWriteBehindSharedMemoryIsFound() {
        var error = assertThrows(
                IllegalStateException.class,
                () -> launch("overflows_shared", Grid.of(2, 1).withShared(40), 11));
        assertEquals(
                "emulation.overflows_shared: block (0, 0, 0) wrote 4 bytes behind its 40 bytes of dynamic shared"
                        + " memory",
                error.getMessage());
    }

    @Test
    void aBlockThatWaitsForeverIsReported() {
        var error = assertThrows(IllegalStateException.class, () -> launch("gets_stuck", Grid.of(1, 32)));
        assertEquals(
                "emulation.gets_stuck: block (0, 0, 0) is stuck: thread 0 waits at __syncthreads (-1: none),"
                        + " thread 16 for its warp, mask ffffffff",
                error.getMessage());
    }

    @Test
    void parametersOfEveryKindArrive() {
        DeviceBuffer out = gpu.allocate(4 * Double.BYTES, Purpose.WORKSPACE);
        launch("parameters", Grid.of(1, 1), out, -3, 1L << 40, 0.5f, 0.1);
        assertArrayEquals(new double[] {-3, 1L << 40, 0.5, 0.1}, DeviceArrays.doubles(gpu, out));
    }

    @Test
    void argumentsOfOtherTypesAreRefused() {
        DeviceBuffer out = gpu.allocate(4 * Double.BYTES, Purpose.WORKSPACE);
        var error = assertThrows(
                IllegalArgumentException.class, () -> launch("parameters", Grid.of(1, 1), out, 1, 2, 3f, 4.0));
        assertEquals("emulation.parameters takes the parameters pilfd, it was given piifd", error.getMessage());
    }

    @Test
    void roundingsAreThoseOfJava() {
        Random random = new Random(3);
        float[] in = new float[4096];
        for (int i = 0; i < in.length; i++)
            in[i] = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(-30, 20)));
        float[] special = {0, -0f, 65504, 65519.99f, 65520, 1e30f, 5.9604645e-8f, 2.98e-8f, 2.9802322e-8f, 6.1e-5f};
        System.arraycopy(special, 0, in, 0, special.length);
        DeviceBuffer out = DeviceArrays.poisoned(gpu, 8L * in.length);
        launch("roundings", Grid.covering(in.length, 128), DeviceArrays.of(gpu, in), out, in.length);
        float[] found = DeviceArrays.floats(gpu, out);
        for (int i = 0; i < in.length; i++) {
            assertEquals(Float.float16ToFloat(Float.floatToFloat16(in[i])), found[i], "fp16 of " + in[i]);
            assertEquals(BFloat16.toFloat(BFloat16.fromFloat(in[i])), found[in.length + i], "bf16 of " + in[i]);
        }
    }

    @Test
    void memoryIsCountedByPurpose() {
        DeviceBuffer weights = gpu.allocate(1000, Purpose.WEIGHTS);
        try (DeviceBuffer cache = gpu.allocate(500, Purpose.CACHE)) {
            assertEquals(500, gpu.memory().current(cache.purpose()));
        }
        assertEquals(1000, gpu.memory().current());
        assertEquals(1500, gpu.memory().peak());
        assertEquals(500, gpu.memory().peak(Purpose.CACHE));
        gpu.memory().forgetPeak();
        assertEquals(1000, gpu.memory().peak());
        weights.close();
        weights.close();
        assertEquals(0, gpu.memory().current());
    }
}
