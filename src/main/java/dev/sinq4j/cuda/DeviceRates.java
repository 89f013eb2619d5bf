package dev.sinq4j.cuda;

import java.util.Arrays;

/**
 * What a device reaches, measured.
 *
 * @param copyBytesPerSecond        read and written, of a large copy on the device
 * @param matrixOperationsPerSecond multiplications and additions of bf16 numbers on the tensor cores, as the kernels here use them
 */
public record DeviceRates(double copyBytesPerSecond, double matrixOperationsPerSecond) {

    private static final int TIMES = 21;
    private static final int COPIED_BYTES = 1 << 28;

    private static final Kernel MATRIX_RATE = new Kernel("matrix_rate", "matrix_rate");
    private static final int THREADS = 256;
    private static final int WARPS = THREADS / 32;
    private static final int BLOCKS_A_MULTIPROCESSOR = 4;
    private static final int STEPS = 4096;
    private static final double OPERATIONS_A_STEP = 8 * 2.0 * 16 * 16 * 8; // of a warp

    static DeviceRates measure(Gpu gpu) {
        return new DeviceRates(copying(gpu), matrices(gpu));
    }

    private static double copying(Gpu gpu) {
        try (DeviceBuffer from = gpu.allocate(COPIED_BYTES, Purpose.WORKSPACE);
                DeviceBuffer to = gpu.allocate(COPIED_BYTES, Purpose.WORKSPACE)) {
            return 2.0 * COPIED_BYTES / median(gpu, () -> gpu.copy(from, 0, to, 0, COPIED_BYTES));
        }
    }

    private static double matrices(Gpu gpu) {
        int blocks = BLOCKS_A_MULTIPROCESSOR * gpu.multiprocessors();
        try (DeviceBuffer out = gpu.allocate((long) blocks * THREADS * Float.BYTES, Purpose.WORKSPACE)) {
            double seconds = median(gpu, () -> multiply(gpu, blocks, out, STEPS));
            return blocks * WARPS * STEPS * OPERATIONS_A_STEP / seconds;
        }
    }

    static void multiply(Gpu gpu, int blocks, DeviceBuffer out, int steps) {
        gpu.launch(MATRIX_RATE, Grid.of(blocks, THREADS), out, steps);
    }

    private static double median(Gpu gpu, Runnable work) {
        double[] seconds = new double[TIMES];
        for (int i = 0; i < TIMES; i++) seconds[i] = gpu.seconds(work);
        Arrays.sort(seconds);
        return seconds[TIMES / 2];
    }
}
