package dev.sinq4j.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sinq4j.config.Backend;
import dev.sinq4j.engine.CpuBackend;
import dev.sinq4j.failure.UnavailableFailure;
import org.junit.jupiter.api.Test;

class BackendsTest {

    private static dev.sinq4j.engine.Backend none() {
        throw new UnavailableFailure("no NVIDIA driver");
    }

    @Test
    void autoComputesOnTheCpuWhereThereIsNoGpu() {
        try (dev.sinq4j.engine.Backend backend = Backends.open(Backend.AUTO, 1, BackendsTest::none)) {
            assertEquals("cpu", backend.name());
        }
    }

    @Test
    void autoTakesTheGpuThatIsThere() {
        try (dev.sinq4j.engine.Backend gpu = CpuBackend.create(1)) {
            assertSame(gpu, Backends.open(Backend.AUTO, 1, () -> gpu));
        }
    }

    @Test
    void aGpuAskedForByNameAndMissingIsAFailureWithItsReason() {
        var error = assertThrows(UnavailableFailure.class, () -> Backends.open(Backend.CUDA, 1, BackendsTest::none));
        assertEquals(
                "--backend cuda: no NVIDIA driver; run with --backend cpu, or auto, which takes what there is",
                error.getMessage());
    }
}
