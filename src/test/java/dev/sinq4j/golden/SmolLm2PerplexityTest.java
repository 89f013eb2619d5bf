package dev.sinq4j.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sinq4j.data.Corpus;
import dev.sinq4j.data.CorpusFile;
import dev.sinq4j.data.DocumentJoin;
import dev.sinq4j.testing.Shared;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Mean loss of each window of WikiText-2 and of C4, against transformers with the reference's weights. */
class SmolLm2PerplexityTest {

    private static final int WINDOW = 2048;

    /** Nats on a window's mean; the same codes and the same arithmetic of dequantizing leave only fp32 sums. */
    private static final double TOLERANCE = 5e-6;

    /** Nats on a window's mean: a handful of codes of 106 million fall on the other side of a tie. */
    private static final double QUANTIZED_TOLERANCE = 2e-3;

    /** Nats on a window's mean: where the source's grid makes rounding to nearest meet exact ties, one code of 1700 differs. */
    private static final double TIES_TOLERANCE = 2e-2;

    /** Nats between our fp32 arithmetic on packed weights and the reference's dequantizing in fp16, which rounds every step. */
    private static final double PACKED_TOLERANCE = 2e-2;

    @TestFactory
    Stream<DynamicTest> windowsOfWikiTextHaveTheirLosses() {
        return tests(
                "wikitext2.json",
                () -> ids(Corpus.text("wikitext2", Shared.path("data/text/wikitext2-raw-test.joined.txt"))));
    }

    @TestFactory
    Stream<DynamicTest> windowsOfC4HaveTheirLosses() {
        return tests(
                "c4.json",
                () -> ids(Corpus.jsonLines("c4", Shared.path("data/text/c4_sample.jsonl"), "text")
                        .joined(new DocumentJoin.Apart())));
    }

    /** Text to ids, read when a test runs, so that an absent file skips the test. */
    @FunctionalInterface
    private interface Ids {
        int[] read();
    }

    private static int[] ids(Corpus corpus) {
        return CorpusFile.locate(corpus, (repo, revision, file, argument) -> {
                    throw new AssertionError("nothing may be fetched");
                })
                .tokenize(SmolLm2.tokenizer()::encode)
                .ids();
    }

    private static Stream<DynamicTest> tests(String file, Ids ids) {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode result : SmolLm2.golden(file).get("results")) {
            String model = result.get("model").asText();
            String dtype = result.get("dequantized").asText();
            double tolerance = SmolLm2.isDense(model)
                    ? TOLERANCE
                    : model.startsWith("sinq") ? QUANTIZED_TOLERANCE : TIES_TOLERANCE;
            tests.add(dynamicTest(model + " " + dtype, () -> check(model, dtype, result, ids, tolerance)));
            if (dtype.equals("fp16"))
                tests.add(dynamicTest(model + " packed", () -> check(model, "packed", result, ids, PACKED_TOLERANCE)));
        }
        return tests.stream();
    }

    /** One window of the dense model in a short run, every window in a long one. */
    private static void check(String model, String dtype, JsonNode result, Ids text, double tolerance) {
        boolean all = Boolean.getBoolean("sinq4j.long");
        if (!SmolLm2.isDense(model)) SmolLm2.takesLong();
        int first = result.get("first_window").asInt() - 1;
        JsonNode golden = result.get("nll");
        try (SmolLm2 smol = SmolLm2.load(model, dtype)) {
            int[] ids = text.read();
            double farthest = 0;
            for (int i = 0; i < (all ? golden.size() : 1); i++) {
                int[] window = Arrays.copyOfRange(ids, (first + i) * WINDOW, (first + i + 1) * WINDOW);
                double mean = Arrays.stream(smol.model().nll(window)).average().orElseThrow();
                farthest = Math.max(farthest, Math.abs(mean - golden.get(i).doubleValue()));
                assertEquals(golden.get(i).doubleValue(), mean, tolerance, "window " + (first + i + 1));
            }
            Measured.say("nll of a window, " + model + " " + dtype, farthest);
        }
    }
}
