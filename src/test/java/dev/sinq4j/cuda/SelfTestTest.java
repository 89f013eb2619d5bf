package dev.sinq4j.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.CpuBackend;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The comparing half of the self-test, on the emulated device. */
class SelfTestTest {

    @Test
    void everyOperationGivesWhatTheCpuGives() {
        try (CudaBackend gpu = new CudaBackend(new EmulatedGpu());
                Backend cpu = CpuBackend.create(1)) {
            SelfTest.Report report = SelfTest.run(gpu, cpu, 5, null);
            report.results().forEach(result -> assertTrue(result.passed(), result::toString));
            assertTrue(report.passed());
        }
    }

    @Test
    void aQuickLookFindsNothing() {
        try (CudaBackend gpu = new CudaBackend(new EmulatedGpu());
                Backend cpu = CpuBackend.create(1)) {
            assertEquals(List.of(), SelfTest.quick(gpu, cpu, 5));
        }
    }

    @Test
    void theProductsOfTheMatrixRateAreComputed() {
        try (EmulatedGpu gpu = new EmulatedGpu();
                DeviceBuffer out = DeviceArrays.poisoned(gpu, 256 * Float.BYTES)) {
            DeviceRates.multiply(gpu, 1, out, 2);
            for (float sum : DeviceArrays.floats(gpu, out)) assertEquals(8 * 4 * 2 * 16, sum);
        }
    }

    @Test
    void aShareCountsTheNumbersThatDiffer() {
        float[][] expected = {{1, 2, 3}, {4}};
        assertEquals(0.5, SelfTest.share(expected, new float[][] {{1, 2, 4}, {Float.NaN}}));
    }

    @Test
    void aResultIsHeldAgainstTheRatesOfTheCard() {
        SelfTest.Result result = SelfTest.Result.of("x", "y", 0.1, 0.2, 2, 100, 3000, new DeviceRates(200, 6000));
        assertTrue(result.passed());
        assertEquals(0.25, result.shareOfCopying());
        assertEquals(0.25, result.shareOfMatrixRate());
    }

    @Test
    void aDifferenceIsRelativeToTheLargestNumber() {
        float[][] expected = {{1, -4}, {Float.NaN, 2}};
        assertEquals(0.25, SelfTest.difference(expected, new float[][] {{2, -4}, {Float.NaN, 2}}));
        assertEquals(Double.NaN, SelfTest.difference(expected, new float[][] {{1, -4}, {0, 2}}));
        assertEquals(Double.NaN, SelfTest.difference(expected, new float[][] {{Float.NaN, -4}, {Float.NaN, 2}}));
    }
}
