package dev.sinq4j.metric;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class MemoryTraceTest {

    @Test
    void whatIsAllocatedAndTouchedIsSeenAndStaysInThePeakWhenItIsGone() throws InterruptedException {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "needs /proc");
        try (MemoryTrace trace = MemoryTrace.begin()) {
            while (trace.samples().isEmpty()) Thread.sleep(1);
            long before = trace.samples().getFirst().bytes();
            int size = 200 << 20;
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment large = arena.allocate(size);
                large.fill((byte) 1);
                int seen = trace.samples().size();
                while (trace.samples().size() < seen + 2) Thread.sleep(1);
            }
            assertTrue(trace.peakBytes().getAsLong() >= before + size / 2, "the peak misses what was allocated");
        }
    }
}
