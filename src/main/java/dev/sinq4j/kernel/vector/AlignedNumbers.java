package dev.sinq4j.kernel.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * fp32 numbers off the heap from the beginning of a cache line on, which Java arrays are not: a vector load that crosses
 * lines counts twice, and the micro kernel reads four vectors for 24 multiply-adds. Grown on need, never shrunk.
 */
final class AlignedNumbers implements AutoCloseable {

    private static final int LINE = 64;

    private Arena arena = opened();
    private MemorySegment memory = MemorySegment.NULL;

    /** Makes room; what was there is lost if there was less. */
    void reserve(long count) {
        long bytes = count * Float.BYTES;
        if (memory.byteSize() >= bytes) return;
        arena.close();
        arena = opened();
        memory = arena.allocate(bytes, LINE);
    }

    /** Where the first number is; changes when more room is made. */
    long address() {
        return memory.address();
    }

    @SuppressWarnings("MustBeClosed") // closed by reserve and close
    private static Arena opened() {
        return Arena.ofShared();
    }

    @Override
    public void close() {
        arena.close();
    }
}
