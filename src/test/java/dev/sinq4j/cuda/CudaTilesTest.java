package dev.sinq4j.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.SinqFamily;
import dev.sinq4j.method.SinqFamily.ActivationScale;
import dev.sinq4j.method.SinqFamily.Normalization;
import dev.sinq4j.method.SinqFamily.Rounding;
import dev.sinq4j.method.Tiling;
import dev.sinq4j.quant.Inputs;
import dev.sinq4j.quant.Quantized;
import dev.sinq4j.quant.Quantizers;
import dev.sinq4j.tensor.BFloat16;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.ColumnScale;
import dev.sinq4j.weight.PackedWeight;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers quantized on the emulated device against those quantized on the CPU. */
class CudaTilesTest {

    private EmulatedGpu device;
    private CudaBackend gpu;

    @BeforeEach
    void open() {
        device = new EmulatedGpu();
        gpu = new CudaBackend(device);
    }

    @AfterEach
    void close() {
        gpu.close();
    }

    /** Normal numbers, some columns and rows of other magnitudes, as weights have them. */
    private static float[] numbers(int rows, int columns) {
        Random random = new Random(3L * rows + columns);
        float[] numbers = new float[rows * columns];
        for (int e = 0; e < numbers.length; e++) {
            double magnitude = e % columns % 17 == 5 ? 0.3 : e / columns % 13 == 7 ? 0.01 : 0.05;
            numbers[e] = (float) (magnitude * random.nextGaussian());
        }
        return numbers;
    }

    static Tensor tensor(DType dtype, int rows, int columns, float... numbers) {
        MemorySegment data = switch (dtype) {
            case F32 -> MemorySegment.ofArray(numbers);
            case F16, BF16 -> {
                short[] bits = new short[numbers.length];
                for (int e = 0; e < bits.length; e++)
                    bits[e] = dtype == DType.F16 ? Float.floatToFloat16(numbers[e]) : BFloat16.fromFloat(numbers[e]);
                yield MemorySegment.ofArray(bits);
            }
            default -> throw new IllegalArgumentException(dtype.toString());
        };
        return new Tensor("w", dtype, List.of((long) rows, (long) columns), data);
    }

    private static SinqFamily method(
            int bits, int group, Normalization normalization, Rounding rounding, Tiling tiling, AuxPrecision aux) {
        return new SinqFamily("sinq", bits, group, normalization, ActivationScale.NONE, rounding, tiling, aux, false);
    }

    private static SinqFamily sinq(int bits, int group, Tiling tiling, AuxPrecision aux) {
        return method(bits, group, Normalization.SINKHORN, Rounding.UNIFORM_ASYMMETRIC, tiling, aux);
    }

    /** On the device, its memory full of poison from which nothing may come. */
    private Quantized onDevice(SinqFamily method, Tensor weight) {
        gpu.quantizer(method).quantize(weight, null);
        device.poisonWorkspace();
        long before = device.launches();
        Quantized found = gpu.quantizer(method).quantize(weight, null);
        assertTrue(device.launches() > before, "the device was not asked");
        return found;
    }

    private void assertSame(SinqFamily method, Tensor weight) {
        Quantized expected = Quantizers.of(method).quantize(weight, null);
        Quantized found = onDevice(method, weight);
        assertWeight((PackedWeight) expected.weight(), (PackedWeight) found.weight());
        assertEquals(expected.warnings(), found.warnings());
        assertEquals(expected.notes(), found.notes());
    }

    private static void assertWeight(PackedWeight cpu, PackedWeight cuda) {
        assertArrayEquals(cpu.codes(), cuda.codes(), "codes");
        assertArrayEquals(cpu.scale().values(), cuda.scale().values(), "scales");
        assertArrayEquals(cpu.zero().values(), cuda.zero().values(), "zeros");
        assertEquals(cpu.columnScale().getClass(), cuda.columnScale().getClass());
        if (!(cpu.columnScale() instanceof ColumnScale.None))
            for (int row = 0; row < cpu.rows(); row++)
                assertArrayEquals(
                        cpu.columnScale().ofRow(row, cpu.columns()),
                        cuda.columnScale().ofRow(row, cuda.columns()),
                        "column scales");
    }

    @ParameterizedTest(name = "{0} x {1}, {2} bits, group {3}, {4}, auxiliaries {5}, {6}")
    @CsvSource({
        "64, 64, 4, 64, ONE_D, FP16, BF16",
        "203, 264, 4, 64, ONE_D, INT8, BF16",
        "37, 100, 3, 32, ONE_D, FP16, F16",
        "130, 129, 8, 64, TWO_D, INT8, BF16",
        "17, 200, 2, 128, ONE_D, FP32, F32",
        "33, 300, 5, 256, ONE_D, FP16, BF16",
        "31, 24, 4, 8, TWO_D, FP16, F32",
        "70, 144, 6, 48, TWO_D, FP32, BF16",
        "1, 64, 4, 32, ONE_D, FP16, BF16",
        "5, 33, 4, 32, ONE_D, FP16, BF16",
        "64, 257, 1, 16, ONE_D, FP16, BF16"
    })
    void sinqIsThatOfTheCpu(int rows, int columns, int bits, int group, Tiling tiling, AuxPrecision aux, DType dtype) {
        assertSame(sinq(bits, group, tiling, aux), tensor(dtype, rows, columns, numbers(rows, columns)));
    }

    @ParameterizedTest(name = "{0} x {1}, {2} bits, group {3}, {4}")
    @CsvSource({"203, 264, 4, 64, ONE_D", "37, 100, 3, 32, TWO_D"})
    void rtnIsThatOfTheCpu(int rows, int columns, int bits, int group, Tiling tiling) {
        assertSame(
                method(bits, group, Normalization.NONE, Rounding.UNIFORM_ASYMMETRIC, tiling, AuxPrecision.INT8),
                tensor(DType.BF16, rows, columns, numbers(rows, columns)));
    }

    @ParameterizedTest(name = "{0}, {1} bits, {2} x {3}, group {4}, {5}, auxiliaries {6}, exact {7}")
    @CsvSource({
        "UNIFORM_SYMMETRIC, 4, 75, 136, 64, ONE_D, FP16, false",
        "UNIFORM_SYMMETRIC, 8, 33, 100, 32, TWO_D, INT8, false",
        "NF4, 4, 75, 136, 64, ONE_D, INT8, false",
        "NF4, 4, 33, 100, 32, TWO_D, FP16, true",
        "NF3, 3, 37, 72, 24, ONE_D, FP32, false",
        "HQQ, 4, 75, 136, 64, ONE_D, FP16, false",
        "HQQ, 3, 75, 136, 64, ONE_D, FP16, true",
        "HQQ, 2, 33, 100, 32, TWO_D, INT8, false",
        "HQQ, 8, 9, 300, 256, ONE_D, FP32, false"
    })
    void otherRoundingsAreThoseOfTheCpu(
            Rounding rounding,
            int bits,
            int rows,
            int columns,
            int group,
            Tiling tiling,
            AuxPrecision aux,
            boolean exact) {
        float[] numbers = numbers(rows, columns);
        for (int e = 0; e < columns; e++) numbers[2 * columns + e] = 0.25f; // far from zero for its width
        SinqFamily method = new SinqFamily(
                "sinq", bits, group, Normalization.SINKHORN, ActivationScale.NONE, rounding, tiling, aux, exact);
        assertSame(method, tensor(DType.BF16, rows, columns, numbers));
    }

    @ParameterizedTest(name = "{0}, {1}, {2} bits, {3} tokens, {4} x {5}, group {6}")
    @CsvSource({
        "SEARCH_L1, SINKHORN, 4, 70, 75, 136, 64",
        "SEARCH_L2, SINKHORN, 3, 1, 33, 100, 32",
        "SEARCH_L1, NONE, 4, 13, 130, 72, 24"
    })
    void theActivationScaleIsThatOfTheCpu(
            ActivationScale search,
            Normalization normalization,
            int bits,
            int tokens,
            int rows,
            int columns,
            int group) {
        SinqFamily method = new SinqFamily(
                "asinq",
                bits,
                group,
                normalization,
                search,
                Rounding.UNIFORM_ASYMMETRIC,
                Tiling.ONE_D,
                AuxPrecision.FP16,
                false);
        Tensor weight = tensor(DType.BF16, rows, columns, numbers(rows, columns));
        Inputs inputs = new Inputs(numbers(tokens, columns), tokens, columns);
        Quantized expected = Quantizers.of(method).quantize(weight, inputs);
        gpu.quantizer(method).quantize(weight, inputs);
        device.poisonWorkspace();
        Quantized found = gpu.quantizer(method).quantize(weight, inputs);
        assertEquals(expected.notes().get("alpha"), found.notes().get("alpha"));
        double error = (double) expected.notes().get("alpha_error");
        assertEquals(error, (double) found.notes().get("alpha_error"), 1e-6 * error);
        assertWeight((PackedWeight) expected.weight(), (PackedWeight) found.weight());
    }

    @Test
    void rowsAndColumnsWhoseDigitsCancelAreSummedAgain() {
        float[] numbers = numbers(40, 128);
        for (int e = 0; e < numbers.length; e++) {
            if (e / 128 % 5 == 2) numbers[e] = 3 + numbers[e] / 100;
            if (e % 128 == 9) numbers[e] = -2 + numbers[e] / 100;
        }
        assertSame(sinq(4, 64, Tiling.ONE_D, AuxPrecision.FP32), tensor(DType.F32, 40, 128, numbers));
    }

    @Test
    void constantRowsAndColumnsKeepTheirValues() {
        float[] numbers = numbers(40, 128);
        for (int e = 0; e < numbers.length; e++) {
            if (e / 128 == 3) numbers[e] = 0.5f;
            if (e / 128 == 4) numbers[e] = 0;
            if (e % 128 == 70) numbers[e] = 0;
        }
        assertSame(sinq(4, 64, Tiling.ONE_D, AuxPrecision.INT8), tensor(DType.BF16, 40, 128, numbers));
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, 70_000})
    void aNumberThatCannotBeQuantizedIsNamedAsOnTheCpu(float number) {
        SinqFamily method = sinq(4, 64, Tiling.ONE_D, AuxPrecision.FP16);
        float[] numbers = numbers(40, 128);
        numbers[17 * 128 + 101] = number;
        Tensor weight = tensor(DType.F32, 40, 128, numbers);
        var expected = assertThrows(
                UnavailableFailure.class, () -> Quantizers.of(method).quantize(weight, null));
        var found = assertThrows(
                UnavailableFailure.class, () -> gpu.quantizer(method).quantize(weight, null));
        assertEquals(expected.getMessage(), found.getMessage());
    }

    @Test
    void aGroupTooWideForAWarpIsLeftToTheCpu() {
        SinqFamily method = sinq(4, 264, Tiling.ONE_D, AuxPrecision.FP16);
        Tensor weight = tensor(DType.BF16, 20, 300, numbers(20, 300));
        gpu.quantizer(method).quantize(weight, null);
        assertEquals(0, device.launches());
    }
}
