package dev.sinq4j.quant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.SinqFamily;
import dev.sinq4j.method.SinqFamily.Normalization;
import dev.sinq4j.method.SinqFamily.Rounding;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.PackedWeight;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Every case of {@code golden/quantizer/sinq}, against the bars its README calls fair. */
class SinqGoldenTest {

    /** Per file: cases, codes, codes that differ. */
    private static final Map<String, long[]> TOTALS = new ConcurrentSkipListMap<>();

    @AfterAll
    static void print() {
        TOTALS.forEach((file, total) -> System.out.printf(
                "golden sinq/%s: %d of %d codes differ from the reference's in %d cases%n",
                file, total[2], total[1], total[0]));
    }

    @TestFactory
    Stream<DynamicNode> quantizesAsTheReference() {
        return GoldenFile.all("sinq").stream()
                .map(file -> dynamicContainer(
                        file.name(),
                        file.cases().keySet().stream()
                                .filter(key -> file.has(key + "/codes"))
                                .map(key -> dynamicTest(key, () -> compare(file, key)))));
    }

    private static void compare(GoldenFile file, String key) {
        JsonNode settings = file.cases().get(key);
        Tensor input = GoldenFile.input(settings.get("tensor").asText());
        SinqFamily method = ReferenceMethod.of(settings, true);
        GoldenComparison exact = new GoldenComparison(file, key, method, quantized(method, input));
        long[] total = TOTALS.computeIfAbsent(file.name(), name -> new long[3]);
        total[0]++;
        total[1] += exact.codes;
        total[2] += exact.otherCodes;
        if (exact.otherCodes > 0) System.out.println(exact);
        assertFair(method, exact);

        SinqFamily mended = ReferenceMethod.of(settings, false);
        Quantized ours = Quantizers.of(mended).quantize(input, null);
        GoldenComparison byDefault = new GoldenComparison(file, key, mended, (PackedWeight) ours.weight());
        if (changesNothing(mended, ours)) assertEquals(exact.toString(), byDefault.toString());
        else assertTrue(!(byDefault.errorNorm > exact.errorNorm * 1.001), byDefault::toString);
    }

    private static boolean changesNothing(SinqFamily mended, Quantized ours) {
        return mended.rounding() != Rounding.HQQ && !ours.notes().containsKey("grids_through_zero");
    }

    private static void assertFair(SinqFamily method, GoldenComparison comparison) {
        if (method.aux() == AuxPrecision.FP32) assertFairInSinglePrecision(comparison);
        else if (method.rounding() == Rounding.HQQ) assertFairHqq(method, comparison);
        else if (method.rounding() == Rounding.UNIFORM_ASYMMETRIC && method.normalization() == Normalization.NONE)
            assertFairRtn(comparison);
        else assertTrue(comparison.bitEqual(), comparison::toString);
    }

    /** Up to one tied row, and 3 fp32 units in the last place of both scales. */
    private static void assertFairInSinglePrecision(GoldenComparison comparison) {
        assertTrue(comparison.otherZeros <= 1, comparison::toString);
        assertEquals(0, comparison.otherCodesUnderEqualZeros, comparison::toString);
        assertTrue(comparison.largestScaleStep <= 3, comparison::toString);
        assertTrue(comparison.largestColumnStep <= 3, comparison::toString);
    }

    private static void assertFairHqq(SinqFamily method, GoldenComparison comparison) {
        assertTrue(comparison.largestScaleStep <= 1, comparison::toString);
        if (method.normalization() == Normalization.SINKHORN) {
            assertEquals(0, comparison.otherCodes, comparison::toString);
            assertTrue(comparison.otherZeros <= 0.005 * comparison.rows, comparison::toString);
            assertTrue(comparison.largestZeroUlp <= 1, comparison::toString);
            return;
        }
        assertTrue(comparison.otherZeros <= 0.01 * comparison.rows, comparison::toString);
        assertTrue(comparison.otherCodes <= 0.001 * comparison.codes, comparison::toString);
        assertTrue(comparison.largestCodeStep <= 1, comparison::toString);
        assertEquals(1, comparison.errorNormRatio(), 2e-3, comparison::toString);
    }

    /** Rows with max = -min are ties that the last bit decides; the whole row then shifts with its zero. */
    private static void assertFairRtn(GoldenComparison comparison) {
        assertTrue(comparison.otherZeros <= 0.01 * comparison.rows, comparison::toString);
        assertTrue(comparison.largestZeroStep <= 1, comparison::toString);
        assertTrue(comparison.largestCodeStep <= 1, comparison::toString);
        assertTrue(comparison.otherCodesUnderEqualZeros <= 1e-4 * comparison.codes, comparison::toString);
        assertEquals(0, comparison.largestScaleStep, comparison::toString);
    }

    @TestFactory
    Stream<DynamicNode> quantizesWhatTheReferenceCannot() {
        return GoldenFile.all("sinq").stream()
                .map(file -> dynamicContainer(
                        file.name(),
                        file.cases().keySet().stream()
                                .filter(key -> file.cases().get(key).has("raises"))
                                .map(key -> dynamicTest(key, () -> assertQuantizes(file, key)))));
    }

    /** Relative error of a round-to-nearest quantizer at each bit width on these matrices, with room above. */
    private static final Map<Integer, Double> LARGEST_ERROR =
            Map.of(2, 0.6, 3, 0.3, 4, 0.25, 5, 0.08, 6, 0.04, 8, 0.01);

    private static void assertQuantizes(GoldenFile file, String key) {
        JsonNode settings = file.cases().get(key);
        Tensor input = GoldenFile.input(settings.get("tensor").asText());
        SinqFamily method = ReferenceMethod.of(settings, false);
        double error = ReconstructionError.of(input, quantized(method, input)).relative();
        assertTrue(error < LARGEST_ERROR.get(method.bits()), () -> "relative error " + error);
    }

    private static PackedWeight quantized(SinqFamily method, Tensor input) {
        return (PackedWeight) Quantizers.of(method).quantize(input, null).weight();
    }
}
