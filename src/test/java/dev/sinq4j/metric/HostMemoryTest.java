package dev.sinq4j.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.failure.UsageFailure;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class HostMemoryTest {

    @Test
    void aSizeIsBytesOrHasAUnit() {
        assertEquals(1_000_000, HostMemory.size("1000000"));
        assertEquals(8L << 30, HostMemory.size("8g"));
        assertEquals(8L << 30, HostMemory.size("8192M"));
    }

    @Test
    void anythingElseIsNoSize() {
        String message = assertThrows(UsageFailure.class, () -> HostMemory.size("8 gigabytes"))
                .getMessage();
        assertEquals("SINQ4J_MEMORY: expected a size such as 8g or 8192m, found '8 gigabytes'", message);
    }

    @Test
    void anonymousMemoryIsPartOfWhatIsResidentAndOfWhatMayBeUsed() {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "needs /proc");
        long anonymous = HostMemory.anonymousBytes().getAsLong();
        assertTrue(anonymous > 0);
        assertTrue(anonymous <= HostMemory.peakBytes().getAsLong());
        assertTrue(HostMemory.usableBytes().getAsLong() > anonymous);
    }

    @Test
    void whatWasFreedOutsideOfJavasHeapIsNoPartOfTheNextPeak() {
        Assumptions.assumeTrue(Files.isWritable(Path.of("/proc/self/clear_refs")), "needs /proc");
        try (Arena stays = Arena.ofShared()) {
            try (Arena block = Arena.ofShared()) {
                block.allocate(32 << 20); // once such a block was freed, glibc keeps smaller ones
            }
            long before = HostMemory.anonymousBytes().getAsLong();
            try (Arena freed = Arena.ofShared()) {
                for (int i = 0; i < 40; i++) {
                    freed.allocate(8 << 20).fill((byte) 1);
                    stays.allocate(4 << 10).fill((byte) 1); // so that the end of the heap is never free
                }
            }
            assertTrue(HostMemory.resetPeak());
            long peak = HostMemory.peakBytes().getAsLong();
            long now = HostMemory.anonymousBytes().getAsLong();
            assertTrue(now - before < 160L << 20, "still there: " + (now - before));
            assertTrue(peak < before + (400L << 20), "in the peak: " + (peak - before));
        }
    }
}
