package dev.sinq4j.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.failure.UsageFailure;
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
}
