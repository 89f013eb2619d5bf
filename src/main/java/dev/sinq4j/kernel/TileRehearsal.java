package dev.sinq4j.kernel;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets the JVM compile the kernels of a tile before they meet a matrix. Interpreted, a vector operation takes a thousand times as
 * long as compiled, and what the compiler waits for are calls: on a tile of few columns they come in no time.
 */
final class TileRehearsal {

    private static final int CALLS = 400;
    private static final int ROWS = 64;
    private static final int COLUMNS = 16;
    private static final int MAX_CODE = 15;
    private static final AtomicBoolean DONE = new AtomicBoolean();

    private TileRehearsal() {}

    /** Once a process; half a second, which the first matrix would otherwise lose twice. */
    static void once(TileKernels kernels) {
        if (!DONE.compareAndSet(false, true)) return;
        short[] bits = new short[ROWS * COLUMNS];
        for (int i = 0; i < bits.length; i++) bits[i] = (short) (0x3F00 + i % 251);
        float[] tile = new float[bits.length];
        float[] column = filled(COLUMNS, 1.1f);
        float[] row = filled(ROWS, 0.9f);
        float[] low = new float[ROWS];
        float[] high = new float[ROWS];
        byte[] codes = new byte[bits.length];
        for (int call = 0; call < CALLS; call++) {
            kernels.widenBFloat16(bits, bits.length, tile, 0);
            kernels.deviations(tile, ROWS, COLUMNS, column, row, new float[COLUMNS], high);
            kernels.logarithms(high, ROWS);
            kernels.exponentials(high, ROWS, low);
            kernels.divide(tile, ROWS, COLUMNS, column, row);
            kernels.ranges(tile, ROWS, COLUMNS, low, high);
            kernels.roundToCodes(tile, ROWS, COLUMNS, row, low, MAX_CODE, codes);
        }
    }

    private static float[] filled(int count, float value) {
        float[] values = new float[count];
        Arrays.fill(values, value);
        return values;
    }
}
