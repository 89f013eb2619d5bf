package dev.sinq4j.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The comparing half of the self-test, on the emulated device. */
class SelfTestTest {

    @Test
    void everyOperationGivesWhatTheCpuGives() {
        try (CudaBackend gpu = new CudaBackend(new EmulatedGpu())) {
            SelfTest.Report report = SelfTest.run(gpu, 5, false);
            report.results().forEach(result -> assertTrue(result.passed(), result::toString));
            assertTrue(report.passed());
        }
    }

    @Test
    void aDifferenceIsRelativeToTheLargestNumber() {
        float[][] expected = {{1, -4}, {Float.NaN, 2}};
        assertEquals(0.25, SelfTest.difference(expected, new float[][] {{2, -4}, {Float.NaN, 2}}));
        assertEquals(Double.NaN, SelfTest.difference(expected, new float[][] {{1, -4}, {0, 2}}));
        assertEquals(Double.NaN, SelfTest.difference(expected, new float[][] {{Float.NaN, -4}, {Float.NaN, 2}}));
    }
}
