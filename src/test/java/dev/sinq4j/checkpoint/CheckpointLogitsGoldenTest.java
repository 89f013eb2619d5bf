package dev.sinq4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.CpuBackend;
import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.engine.LinearWeights;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.safetensors.SafetensorsFile;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.PackedWeight;
import dev.sinq4j.weight.Weight;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Checkpoints the reference wrote, run by our engine: logits with rotary frequencies computed afresh. */
class CheckpointLogitsGoldenTest {

    /** Of the largest number. */
    private static final double TOLERANCE = 5e-5;

    /** Where we keep fp32 and the reference rounds every step of dequantizing to fp16 (NF4, NF3). */
    private static final double CODEBOOK_TOLERANCE = 3e-4;

    private static final String IDS = ".ids";
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @TestFactory
    Stream<DynamicNode> logitsAreThoseOfTheReferencesWeightsInFp32() throws IOException {
        return GoldenCheckpoint.tests(
                golden -> check(golden, LinearWeights.STORED, isCodebook(golden) ? CODEBOOK_TOLERANCE : TOLERANCE));
    }

    @TestFactory
    Stream<DynamicNode> withCodebookLayersRoundedAsTheReferenceRoundsThemLogitsAreItsOwn() throws IOException {
        return GoldenCheckpoint.tests(golden -> {
            Assumptions.assumeTrue(isCodebook(golden), "no codebook");
            check(golden, CheckpointLogitsGoldenTest::halfPrecision, TOLERANCE);
        });
    }

    private static boolean isCodebook(GoldenCheckpoint golden) {
        return new ReferenceMethod(golden.text("reference_method")).codebook().isPresent();
    }

    private static Weight halfPrecision(Linear linear, Weight stored) {
        return new DenseWeight(DenseRows.tensor(linear.tensor(), (PackedWeight) stored, DType.F16, Arena.ofAuto()));
    }

    private static void check(GoldenCheckpoint golden, LinearWeights weights, double tolerance) {
        try (SinqCheckpoint checkpoint = SinqCheckpoint.open(golden.checkpoint());
                SafetensorsFile numbers = SafetensorsFile.open(golden.numbers());
                Backend backend = CpuBackend.create(0);
                LanguageModel model = LanguageModel.load(checkpoint, weights, backend)) {
            int compared = 0;
            for (String name : numbers.tensors().keySet()) {
                if (!name.endsWith(IDS)) continue;
                check(model, numbers.tensors(), name.substring(0, name.length() - IDS.length()), tolerance);
                compared++;
            }
            assertTrue(compared > 0, "no token sequence among the golden numbers");
        }
    }

    private static void check(LanguageModel model, Map<String, Tensor> numbers, String sequence, double tolerance) {
        int[] ids = ids(numbers.get(sequence + IDS));
        Tensor all = numbers.get(sequence + ".logits_fp32");
        if (all != null) compare(all, logits(model, ids, 0), tolerance);
        Tensor last = numbers.get(sequence + ".last_logits_fp32");
        if (last != null) compare(last, logits(model, ids, ids.length - 1), tolerance);
        assertTrue(all != null || last != null, sequence + " has no golden logits");
    }

    private static float[] logits(LanguageModel model, int[] ids, int from) {
        int vocabulary = model.architecture().vocabulary();
        float[] logits = new float[(ids.length - from) * vocabulary];
        model.logits(
                ids,
                from,
                (position, count, values) ->
                        System.arraycopy(values, 0, logits, (position - from) * vocabulary, count * vocabulary));
        return logits;
    }

    private static void compare(Tensor golden, float[] found, double tolerance) {
        float[] expected = golden.floats();
        assertEquals(expected.length, found.length, golden.name());
        double worst = 0;
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            assertTrue(Float.isFinite(found[i]), golden.name() + "[" + i + "] is " + found[i]);
            worst = Math.max(worst, Math.abs((double) found[i] - expected[i]));
            largest = Math.max(largest, Math.abs(expected[i]));
        }
        assertTrue(
                worst <= tolerance * largest,
                golden.name() + ": differs by " + worst + ", " + worst / largest + " of the largest");
    }

    private static int[] ids(Tensor tensor) {
        int[] ids = new int[Math.toIntExact(tensor.elements())];
        for (int i = 0; i < ids.length; i++) ids[i] = tensor.data().getAtIndex(INT, i);
        return ids;
    }
}
