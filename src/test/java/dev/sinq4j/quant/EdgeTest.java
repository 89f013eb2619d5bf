package dev.sinq4j.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.MethodOption;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.method.Tiling;
import dev.sinq4j.tensor.BFloat16;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.ColumnScale;
import dev.sinq4j.weight.PackedWeight;
import dev.sinq4j.weight.Packing;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens where the reference raises, corrupts or overflows; its behaviour is in the golden files' reference-behaviour.md. */
class EdgeTest {

    private static Tensor tensor(int rows, int columns, float... values) {
        return new Tensor("w", DType.F32, List.of((long) rows, (long) columns), MemorySegment.ofArray(values));
    }

    private static float[] normal(int rows, int columns, double deviation) {
        Random random = new Random(7);
        float[] values = new float[rows * columns];
        for (int e = 0; e < values.length; e++) values[e] = (float) (deviation * random.nextGaussian());
        return values;
    }

    private static Quantized quantize(String method, int bits, Tensor weight) {
        return Quantizers.of(Methods.of(MethodRequest.of(method, bits, 64))).quantize(weight, null);
    }

    private static Quantized quantizeExact(String method, int bits, AuxPrecision aux, Tensor weight) {
        return Quantizers.of(Methods.of(
                        new MethodRequest(method, bits, 64, null, aux, Map.of(MethodOption.REFERENCE_EXACT, true))))
                .quantize(weight, null);
    }

    private static double relativeError(Tensor weight, Quantized quantized) {
        return ReconstructionError.of(weight, quantized.weight()).relative();
    }

    static List<String> uncalibrated() {
        return Methods.names().stream()
                .filter(name -> !Methods.of(MethodRequest.of(name)).needsCalibration())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("uncalibrated")
    void aWidthThatIsNoMultipleOfTheGroupHasAShorterLastTile(String name) {
        Tensor weight = tensor(33, 172, normal(33, 172, 0.02));
        Quantized quantized = Quantizers.of(Methods.of(MethodRequest.of(name))).quantize(weight, null);
        assertTrue(relativeError(weight, quantized) < 0.25, () -> "error " + relativeError(weight, quantized));
        if (quantized.weight() instanceof PackedWeight packed) assertEquals(3, packed.groups());
    }

    @ParameterizedTest
    @CsvSource({"1,64", "3,64", "5,40", "64,1", "7,8", "65,130"})
    void anyShapeIsQuantizedAndPacked(int rows, int columns) {
        Tensor weight = tensor(rows, columns, normal(rows, columns, 0.02));
        for (int bits : new int[] {1, 2, 3, 4, 5, 6, 8}) {
            PackedWeight packed = (PackedWeight) quantize("sinq", bits, weight).weight();
            int codeRows = rows * packed.groups();
            byte[] container = Packing.of(bits).pack(packed.codeRows(), codeRows, 64);
            byte[] back = Packing.of(bits).unpack(container, codeRows, 64);
            assertArrayEquals(packed.codes(), PackedWeight.codesOf(back, rows, columns, 64));
        }
    }

    @Test
    void shorterTilesInBothDirectionsKeepTheirOwnColumnScales() {
        Tensor weight = tensor(100, 172, normal(100, 172, 0.02));
        Quantized quantized = Quantizers.of(
                        Methods.of(new MethodRequest("sinq", 4, 64, Tiling.TWO_D, AuxPrecision.FP16, Map.of())))
                .quantize(weight, null);
        PackedWeight packed = (PackedWeight) quantized.weight();
        assertEquals(2 * 172, ((ColumnScale.Half) packed.columnScale()).bits().length);
        assertTrue(relativeError(weight, quantized) < 0.12, () -> "error " + relativeError(weight, quantized));
    }

    @Test
    void oneRowHasNoColumnDeviationsSoItsScalesAreOne() {
        Tensor weight = tensor(1, 128, normal(1, 128, 0.02));
        PackedWeight sinq = (PackedWeight) quantize("sinq", 4, weight).weight();
        float[] ones = new float[128];
        Arrays.fill(ones, 1);
        assertArrayEquals(ones, sinq.columnScale().ofRow(0, 128));
        assertArrayEquals(((PackedWeight) quantize("rtn", 4, weight).weight()).codes(), sinq.codes());
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void aDamagedWeightIsNamedWithItsPlace(float damage) {
        float[] values = normal(64, 128, 0.02);
        values[5 * 128 + 70] = damage;
        for (String method : List.of("sinq", "rtn", "hqq", "nf4")) {
            var error = assertThrows(UnavailableFailure.class, () -> quantize(method, 4, tensor(64, 128, values)));
            assertEquals(
                    "tensor 'w', row 5, column 70: " + damage + " cannot be quantized; the weight is damaged",
                    error.getMessage());
        }
    }

    @Test
    void aWeightBeyondHalfPrecisionNeedsSinglePrecision() {
        short[] bits = new short[64 * 64];
        for (int e = 0; e < bits.length; e++) bits[e] = BFloat16.fromFloat(e % 7);
        bits[3] = BFloat16.fromFloat(70144);
        Tensor weight = new Tensor("w", DType.BF16, List.of(64L, 64L), MemorySegment.ofArray(bits));
        var error = assertThrows(UnavailableFailure.class, () -> quantize("sinq", 4, weight));
        assertEquals(
                "tensor 'w', row 0, column 3: 70144.0 is beyond fp16 (65504), in which this method works;"
                        + " write aux: fp32 to work in fp32",
                error.getMessage());
        Quantized single = Quantizers.of(
                        Methods.of(new MethodRequest("sinq", 8, 64, null, AuxPrecision.FP32, Map.of())))
                .quantize(weight, null);
        assertTrue(relativeError(weight, single) < 0.02);
    }

    @ParameterizedTest
    @CsvSource({"sinq,4,0.2", "sinq,4,-0.2", "rtn,8,5", "rtn,4,-5", "nf4,4,20", "nf4,4,0.2"})
    void aConstantRowKeepsItsValueAndSpoilsNoOther(String method, int bits, float constant) {
        float[] values = normal(64, 128, 0.02);
        double error = relativeErrorOfRows(method, bits, values.clone(), 1, 64);
        Arrays.fill(values, 0, 128, constant);
        assertTrue(relativeErrorOfRows(method, bits, values, 0, 1) < 5e-3, "the constant row");
        double beside = relativeErrorOfRows(method, bits, values, 1, 64);
        assertTrue(beside < 1.1 * error, () -> "other rows: " + beside + " instead of " + error);
    }

    private static double relativeErrorOfRows(String method, int bits, float[] values, int firstRow, int endRow) {
        MethodRequest request = new MethodRequest(method, bits, 64, null, AuxPrecision.FP16, Map.of());
        PackedWeight packed = (PackedWeight) Quantizers.of(Methods.of(request))
                .quantize(tensor(64, 128, values), null)
                .weight();
        float[] back = new Dequantizer(packed).matrix();
        double error = 0;
        double norm = 0;
        for (int e = firstRow * 128; e < endRow * 128; e++) {
            error += Math.pow(back[e] - values[e], 2);
            norm += Math.pow(values[e], 2);
        }
        return Math.sqrt(error / norm);
    }

    @Test
    void aConstantRowNoLongerSpoilsTheEightBitZerosOfItsLayer() {
        float[] values = normal(64, 128, 0.02);
        Arrays.fill(values, 0, 128, 0.2f);
        Tensor weight = tensor(64, 128, values);
        Quantized mended = quantize("sinq", 4, weight);
        assertEquals(2, mended.notes().get("grids_through_zero"));
        double reference = relativeError(weight, quantizeExact("sinq", 4, AuxPrecision.INT8, weight));
        double ours = relativeError(weight, mended);
        assertTrue(ours < 0.08 && reference > 2 * ours, () -> ours + " against the reference's " + reference);
    }

    @Test
    void zerosBeyondHalfPrecisionAreReportedWhereTheReferenceIsFollowed() {
        float[] values = normal(64, 64, 0.02);
        Arrays.fill(values, 0, 64, 5);
        Quantized exact = quantizeExact("rtn", 8, AuxPrecision.FP16, tensor(64, 64, values));
        assertEquals(
                List.of("tensor 'w': 1 zeros do not fit fp16, as in the reference; the weights behind them are lost"),
                exact.warnings());
    }

    @ParameterizedTest
    @MethodSource("uncalibrated")
    void aZeroLayerStaysZero(String name) {
        Tensor weight = tensor(64, 128, new float[64 * 128]);
        Quantized quantized = Quantizers.of(Methods.of(MethodRequest.of(name))).quantize(weight, null);
        assertEquals(0, relativeError(weight, quantized));
    }

    @Test
    void weightsTooSmallForTheNarrowestGridAreReported() {
        Tensor weight = tensor(64, 64, normal(64, 64, 1e-6));
        assertEquals(
                "tensor 'w': 64 of 64 groups span less than the narrowest grid, so they keep few of the 16 codes;"
                        + " the weights are too small for this method",
                quantize("sinq", 4, weight).warnings().getFirst());
    }

    @Test
    void eightBitScalesThatAreTooCoarseAreReported() {
        Tensor weight = tensor(64, 64, normal(64, 64, 3e-5));
        assertTrue(
                quantize("sinq", 8, weight).warnings().stream().anyMatch(warning -> warning.contains("8-bit scales")),
                () -> quantize("sinq", 8, weight).warnings().toString());
    }

    @Test
    void hqqCodesBelongToTheirZeroUnlessTheReferenceIsFollowed() {
        Tensor weight = tensor(96, 256, normal(96, 256, 0.3));
        double ours = relativeError(weight, quantize("reference-hqq", 2, weight));
        double reference = relativeError(weight, quantizeExact("reference-hqq", 2, AuxPrecision.FP16, weight));
        assertTrue(ours <= reference, () -> ours + " against the reference's " + reference);
    }

    @Test
    void aSearchWithoutInputsIsRefused() {
        var error = assertThrows(
                IllegalArgumentException.class, () -> quantize("asinq", 4, tensor(64, 64, normal(64, 64, 0.02))));
        assertEquals("asinq needs the inputs of tensor 'w'", error.getMessage());
    }

    @Test
    void anInputBeyondHalfPrecisionSilencesTheReferencesSearchOnly() {
        Tensor weight = tensor(64, 64, normal(64, 64, 0.02));
        float[] x = normal(16, 64, 1);
        x[3] = 1e5f;
        Inputs inputs = new Inputs(x, 16, 64);
        Quantized ours = search(weight, inputs, false);
        assertEquals(List.of(), ours.warnings());
        Quantized reference = search(weight, inputs, true);
        assertEquals(
                List.of("tensor 'w': outputs overflow fp16, so the activation scale is 1, as in the reference"),
                reference.warnings());
    }

    private static Quantized search(Tensor weight, @Nullable Inputs inputs, boolean exact) {
        return Quantizers.of(Methods.of(new MethodRequest(
                        "asinq", 4, 64, null, AuxPrecision.FP16, Map.of(MethodOption.REFERENCE_EXACT, exact))))
                .quantize(weight, inputs);
    }

    @Test
    void inputsOfZerosKeepTheSmallestAlpha() {
        Tensor weight = tensor(64, 64, normal(64, 64, 0.02));
        assertEquals(
                0.0,
                search(weight, new Inputs(new float[16 * 64], 16, 64), false)
                        .notes()
                        .get("alpha"));
    }

    @Test
    void aDamagedInputIsNamedWithItsPlace() {
        float[] x = normal(16, 64, 1);
        x[2 * 64 + 5] = Float.NaN;
        Tensor weight = tensor(64, 64, normal(64, 64, 0.02));
        var error = assertThrows(UnavailableFailure.class, () -> search(weight, new Inputs(x, 16, 64), false));
        assertEquals(
                "tensor 'w': input 5 of token 2 of the calibration text is NaN; the model overflows on this text",
                error.getMessage());
    }

    @Test
    void theResultDoesNotDependOnTheNumberOfThreads() {
        Tensor weight = tensor(130, 520, normal(130, 520, 0.02));
        Inputs inputs = new Inputs(normal(16, 520, 1), 16, 520);
        Map<String, Object> alone = inPool(1, weight, inputs);
        assertEquals(alone, inPool(3, weight, inputs));
    }

    /** Codes and notes of an A-SINQ run on that many threads. */
    private static Map<String, Object> inPool(int threads, Tensor weight, Inputs inputs) {
        try (ForkJoinPool pool = new ForkJoinPool(threads)) {
            Quantized quantized =
                    pool.submit(() -> search(weight, inputs, false)).join();
            PackedWeight packed = (PackedWeight) quantized.weight();
            return Map.of(
                    "codes", Arrays.hashCode(packed.codes()),
                    "scales", Arrays.hashCode(packed.scale().values()),
                    "notes", quantized.notes());
        }
    }
}
