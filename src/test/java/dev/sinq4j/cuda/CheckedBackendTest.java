package dev.sinq4j.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.cli.doctor.DecoderCheck;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.CpuBackend;
import dev.sinq4j.failure.UnavailableFailure;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a GPU has to show before it is taken without being asked for, and a decoder of the self-test. */
class CheckedBackendTest {

    private static final ValueLayout.OfFloat FIRST = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private boolean closed;

    @Test
    void aDeviceThatComputesAsTheCpuDoesIsTaken() {
        try (CudaBackend gpu = new CudaBackend(new EmulatedGpu())) {
            assertSame(gpu, CudaBackend.checked(gpu));
        }
    }

    @Test
    void aDeviceWhoseNumbersAreWrongIsNotTaken() {
        var error = assertThrows(
                UnavailableFailure.class, () -> CudaBackend.checked(new CudaBackend(wrong(new EmulatedGpu()))));
        assertTrue(error.getMessage().contains("results differ from the CPU's in rmsNorm"), error::getMessage);
        assertTrue(closed);
    }

    @Test
    void aWholeDecoderGivesTheLogitsOfTheCpu() {
        try (CudaBackend gpu = new CudaBackend(new EmulatedGpu());
                Backend cpu = CpuBackend.create(1)) {
            List<SelfTest.Result> results = DecoderCheck.results(gpu, cpu, null);
            for (SelfTest.Result result : results) {
                assertTrue(result.passed(), result::toString);
                assertEquals(0, result.seconds());
            }
            assertEquals(2, results.size());
        }
    }

    @Test
    void aDecoderIsTimedKernelByKernelAndRecorded() {
        try (EmulatedGpu device = new EmulatedGpu();
                CudaBackend gpu = new CudaBackend(device);
                Backend cpu = CpuBackend.create(1)) {
            List<SelfTest.Result> results = DecoderCheck.results(gpu, cpu, new DeviceRates(1, 1));
            assertEquals(
                    List.of(
                            "decoder of two layers, SINQ 4 bits, kernel by kernel",
                            "decoder of two layers, SINQ 4 bits, recorded"),
                    results.stream().map(SelfTest.Result::name).toList());
            for (SelfTest.Result result : results) assertTrue(result.seconds() > 0, result::toString);
            assertTrue(device.replays() > 20, () -> device.replays() + " replays");
        }
    }

    @Test
    void withoutRecordingTheSelfTestHasOneDecoder() {
        try (CudaBackend gpu = new CudaBackend(new EmulatedGpu(), false);
                Backend cpu = CpuBackend.create(1)) {
            assertEquals(1, DecoderCheck.results(gpu, cpu, null).size());
        }
    }

    /** Adds one to the first number of whatever is read. */
    private Gpu wrong(Gpu right) {
        return (Gpu) Proxy.newProxyInstance(
                Gpu.class.getClassLoader(), new Class<?>[] {Gpu.class}, (proxy, method, arguments) -> {
                    Object answer = method.invoke(right, arguments);
                    if (method.getName().equals("close")) closed = true;
                    if (method.getName().equals("download")) {
                        MemorySegment read = (MemorySegment) arguments[2];
                        read.set(FIRST, 0, 1 + read.get(FIRST, 0));
                    }
                    return answer;
                });
    }
}
