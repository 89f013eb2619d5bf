package dev.sinq4j.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.engine.Calibration;
import dev.sinq4j.experiment.CalibratedLayers;
import dev.sinq4j.experiment.CalibrationNeeds;
import dev.sinq4j.experiment.DeviceNeeds;
import dev.sinq4j.experiment.DevicePlan;
import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.method.SinqFamily;
import dev.sinq4j.method.Tiling;
import dev.sinq4j.model.ModelFiles;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.quant.Inputs;
import dev.sinq4j.quant.Quantizers;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.testing.Shared;
import dev.sinq4j.weight.Weight;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is planned of a device's memory against what is taken. */
class DeviceSizeTest {

    private static Tensor weight(int rows, int columns) {
        Random random = new Random(5);
        float[] numbers = new float[rows * columns];
        for (int e = 0; e < numbers.length; e++) numbers[e] = (float) random.nextGaussian();
        return CudaTilesTest.tensor(DType.BF16, rows, columns, numbers);
    }

    private static SinqFamily method(int bits, int group, Tiling tiling, AuxPrecision aux) {
        return new SinqFamily(
                "sinq",
                bits,
                group,
                SinqFamily.Normalization.SINKHORN,
                SinqFamily.ActivationScale.NONE,
                SinqFamily.Rounding.UNIFORM_ASYMMETRIC,
                tiling,
                aux,
                false);
    }

    @ParameterizedTest(name = "{0} bits, {1} x {2}, group {3}, {4}, {5}")
    @CsvSource({
        "4, 70, 200, 64, ONE_D, FP16",
        "3, 65, 130, 32, TWO_D, INT8",
        "6, 33, 96, 32, ONE_D, FP32",
        "8, 9, 64, 64, ONE_D, INT8"
    })
    void aPackedMatrixTakesWhatIsPlanned(int bits, int rows, int columns, int group, Tiling tiling, AuxPrecision aux) {
        Weight packed = Quantizers.of(method(bits, group, tiling, aux))
                .quantize(weight(rows, columns), null)
                .weight();
        int blocks = tiling == Tiling.TWO_D ? Math.ceilDiv(rows, group) : 1;
        try (EmulatedGpu gpu = new EmulatedGpu();
                Arena arena = Arena.ofShared();
                CudaBackend backend = new CudaBackend(gpu)) {
            backend.prepare(packed, arena);
            assertEquals(
                    DeviceSize.packed(bits, rows, columns, group, aux == AuxPrecision.FP32, blocks),
                    gpu.memory().current(Purpose.WEIGHTS));
        }
    }

    @ParameterizedTest(name = "{0} x {1}, {2}")
    @CsvSource({"70, 512, ONE_D", "130, 256, TWO_D"})
    void quantizingTakesWhatIsPlanned(int rows, int columns, Tiling tiling) {
        try (EmulatedGpu gpu = new EmulatedGpu();
                CudaBackend backend = new CudaBackend(gpu)) {
            backend.quantizer(method(4, 64, tiling, AuxPrecision.FP16)).quantize(weight(rows, columns), null);
            long taken = gpu.memory().peak(Purpose.WORKSPACE);
            long planned = DeviceSize.quantizing(rows, columns, tiling == Tiling.TWO_D ? 64 : rows, 64, 2);
            // small things, and each piece rounded up to 256 bytes
            assertTrue(taken >= planned && taken <= planned + 10_000, () -> "planned " + planned + ", taken " + taken);
        }
    }

    @Test
    void groupsThatAreLeftToTheCpuTakeNothing() {
        assertEquals(0, DeviceSize.quantizing(70, 512, 70, 512, 2));
        assertEquals(0, DeviceSize.searching(70, 512, 512, 2, 9));
    }

    @ParameterizedTest(name = "{0} x {1}, {2} tokens")
    @CsvSource({"70, 512, 9", "130, 256, 200"})
    void lookingForAScaleTakesWhatIsPlanned(int rows, int columns, int tokens) {
        Method method = Methods.of(MethodRequest.of("asinq", 4, 64));
        float[] numbers = new float[tokens * columns];
        Random random = new Random(6);
        for (int e = 0; e < numbers.length; e++) numbers[e] = (float) random.nextGaussian();
        try (EmulatedGpu gpu = new EmulatedGpu();
                CudaBackend backend = new CudaBackend(gpu)) {
            backend.quantizer(method).quantize(weight(rows, columns), new Inputs(numbers, tokens, columns));
            long taken = gpu.memory().peak(Purpose.WORKSPACE);
            long planned = DeviceSize.searching(rows, columns, 64, 2, tokens);
            assertTrue(taken >= planned && taken <= planned + 10_000, () -> "planned " + planned + ", taken " + taken);
        }
    }

    @Test
    void quantizingByACalibrationTextTakesNoMoreThanIsPlanned() throws IOException {
        Method method = Methods.of(MethodRequest.of("asinq", 4, 64));
        try (ModelSource source = ModelFiles.open(Shared.path("models/tiny-llama3"));
                EmulatedGpu gpu = new EmulatedGpu();
                CudaBackend backend = new CudaBackend(gpu)) {
            int vocabulary = source.architecture().vocabulary();
            Random random = new Random(7);
            List<int[]> blocks = List.of(
                    random.ints(40, 0, vocabulary).toArray(),
                    random.ints(40, 0, vocabulary).toArray());
            CalibratedLayers.of(new Calibration(blocks, false), backend.quantizer(method), backend)
                    .forEach(source, (linear, quantized) -> {});
            DeviceNeeds planned = DevicePlan.toQuantize(source.architecture(), method, CalibrationNeeds.of(blocks));
            long taken = gpu.memory().peak();
            assertTrue(taken <= planned.bytes() - planned.context(), () -> planned + ", taken " + taken);
            long without = taken - gpu.memory().peak(Purpose.WORKSPACE);
            long named = planned.weights() + planned.calibrating();
            assertTrue(without >= named / 2, () -> planned + ", taken " + without);
        }
    }
}
