package dev.sinq4j.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.failure.UsageFailure;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a recording is, on the emulated device: what a driver's is must be the same. */
class RecordingTest {

    private static final Kernel ADD = new Kernel(Elementwise.FILE, "add");

    private EmulatedGpu gpu;
    private DeviceBuffer sum;
    private DeviceBuffer added;

    @BeforeEach
    void open() {
        gpu = new EmulatedGpu();
        sum = DeviceArrays.of(gpu, 1f, 2f);
        added = DeviceArrays.of(gpu, 10f, 20f);
    }

    @AfterEach
    void close() {
        gpu.close();
    }

    private Recording recorded() {
        return gpu.record(() -> gpu.launch(ADD, Grid.of(1, 32), sum, added, 2));
    }

    private void assertSums(float... expected) {
        assertArrayEquals(expected, DeviceArrays.floats(gpu, sum));
    }

    @Test
    void nothingIsStartedWhileItIsRecorded() {
        try (Recording recording = recorded()) {
            assertTrue(recording.isUsable());
            assertEquals(0, gpu.launches());
            assertSums(1, 2);
        }
    }

    @Test
    void eachReplayFindsTheNumbersThatAreThereThen() {
        try (Recording recording = recorded()) {
            recording.replay();
            assertSums(11, 22);
            gpu.upload(MemorySegment.ofArray(new float[] {5, 7}), added, 0, 8);
            recording.replay();
            assertSums(16, 29);
        }
    }

    @Test
    void itIsOfNoMoreUseWhenItsMemoryIsFreed() {
        try (Recording recording = recorded()) {
            added.close();
            assertFalse(recording.isUsable());
            assertThrows(IllegalStateException.class, recording::replay);
            assertSums(1, 2);
        }
    }

    @Test
    void itIsOfNoMoreUseWhenItIsClosed() {
        Recording recording = recorded();
        recording.close();
        recording.close();
        assertThrows(IllegalStateException.class, recording::replay);
    }

    @Test
    void nothingButLaunchesCanBeRecorded() {
        assertRefused(device -> device.allocate(4, Purpose.WORKSPACE));
        assertRefused(device -> sum.close());
        assertRefused(device -> device.upload(MemorySegment.ofArray(new float[2]), sum, 0, 8));
        assertRefused(device -> device.download(sum, 0, MemorySegment.ofArray(new float[2]), 8));
        assertRefused(device -> device.copy(sum, 0, added, 0, 8));
        assertRefused(device -> device.clear(sum, 0, 8));
        assertRefused(Gpu::synchronize);
        assertRefused(device -> device.seconds(() -> {}));
        assertRefused(device -> device.record(() -> {}));
        assertSums(1, 2); // and the device goes on
    }

    private void assertRefused(Consumer<Gpu> work) {
        assertThrows(IllegalStateException.class, () -> gpu.record(() -> work.accept(gpu)));
    }

    @Test
    void aPropertySwitchesItOff() {
        try {
            assertTrue(RecordedStep.isWanted());
            System.setProperty(RecordedStep.WANTED, "off");
            assertFalse(RecordedStep.isWanted());
            System.setProperty(RecordedStep.WANTED, "no");
            var error = assertThrows(UsageFailure.class, RecordedStep::isWanted);
            assertEquals("sinq4j.cuda.graphs: expected on or off, found 'no'", error.getMessage());
        } finally {
            System.clearProperty(RecordedStep.WANTED);
        }
    }
}
