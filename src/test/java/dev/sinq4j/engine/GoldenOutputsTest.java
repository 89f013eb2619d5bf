package dev.sinq4j.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.sinq4j.model.ModelFiles;
import dev.sinq4j.model.ModelSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every model and token sequence, bundled or of the shared folder, against transformers' fp32 outputs. */
class GoldenOutputsTest {

    /** Of the largest number; two fp32 implementations differ by one or two millionths of it. */
    private static final double TOLERANCE = 5e-5;

    static List<String> bundled() {
        return GoldenModel.bundled();
    }

    static List<String> models() {
        return GoldenModel.names();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"bundled", "models"})
    void logitsAreThoseOfTransformers(String name) {
        withModel(name, (golden, model) -> {
            for (String sequence : golden.sequences()) {
                int[] ids = golden.ids(sequence + ".ids");
                float[] computed = new float[ids.length * model.architecture().vocabulary()];
                model.logits(ids, 0, into(computed, model));
                assertClose(golden.floats(sequence + ".logits"), computed, sequence + ".logits");
            }
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"bundled", "models"})
    void hiddenStatesAreThoseOfTransformersAfterEveryLayer(String name) {
        withModel(name, (golden, model) -> {
            for (String sequence : golden.sequences())
                model.hidden(golden.ids(sequence + ".ids"), (stage, position, count, hidden) -> {
                    String tensor = sequence + tensorOf(stage, model);
                    if (golden.has(tensor)) assertClose(golden.floats(tensor), hidden, tensor);
                });
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"bundled", "models"})
    void tokenByTokenWithACacheGivesTheLogitsOfOnePass(String name) {
        withModel(name, (golden, model) -> {
            for (String sequence : golden.sequences()) {
                int[] ids = golden.ids(sequence + ".ids");
                int vocabulary = model.architecture().vocabulary();
                float[] expected = golden.floats(sequence + ".logits");
                if (changesFrequencies(model, ids.length)) continue;
                try (Session session = model.session(ids.length)) {
                    for (int i = 0; i < ids.length; i++) {
                        float[] row = Arrays.copyOfRange(expected, i * vocabulary, (i + 1) * vocabulary);
                        assertClose(row, session.next(ids[i]), largest(expected), sequence + " position " + i);
                    }
                }
            }
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"bundled", "models"})
    void greedyGenerationGivesTheTokensOfTransformers(String name) {
        withModel(name, (golden, model) -> {
            Assumptions.assumeTrue(golden.has("greedy.ids"), name + " has no greedy.ids");
            int[] prompt = golden.ids("greedy.prompt");
            int[] expected = golden.ids("greedy.ids");
            float[] margins = golden.floats("greedy.margin");
            List<Integer> found = new ArrayList<>();
            try (Session session = model.session(prompt.length + expected.length)) {
                new Generation(Sampling.greedy(), List.of(), expected.length).run(session, prompt, found::add);
            }
            float tolerance =
                    (float) TOLERANCE * largest(golden.floats(golden.sequences().getLast() + ".logits"));
            for (int i = 0; i < expected.length; i++) {
                if (found.get(i) == expected[i]) continue;
                if (margins[i] < tolerance) return; // a tie: from here on the texts differ rightly
                fail("token " + i + ": expected " + expected[i] + ", found " + found.get(i) + ", margin " + margins[i]);
            }
        });
    }

    /** Whether the cache keeps keys rotated by other frequencies than a longer text's, as it does for transformers. */
    private static boolean changesFrequencies(LanguageModel model, int length) {
        return !Arrays.equals(
                model.architecture().rope().frequencies(1),
                model.architecture().rope().frequencies(length));
    }

    private static LogitsConsumer into(float[] target, LanguageModel model) {
        int vocabulary = model.architecture().vocabulary();
        return (position, count, logits) ->
                System.arraycopy(logits, 0, target, position * vocabulary, count * vocabulary);
    }

    private static String tensorOf(int stage, LanguageModel model) {
        int layers = model.architecture().layers().size();
        if (stage == 0) return ".hidden.embed";
        return stage > layers ? ".final_hidden" : ".hidden.layer" + (stage - 1);
    }

    private interface Check {
        void run(GoldenModel golden, LanguageModel model);
    }

    private static void withModel(String name, Check check) {
        try (GoldenModel golden = GoldenModel.open(name);
                ModelSource source = ModelFiles.open(golden.folder());
                Backend backend = CpuBackend.create(0);
                LanguageModel model = LanguageModel.load(source, LinearWeights.STORED, backend)) {
            check.run(golden, model);
        }
    }

    private static void assertClose(float[] expected, float[] found, String what) {
        assertClose(expected, found, largest(expected), what);
    }

    private static void assertClose(float[] expected, float[] found, float largest, String what) {
        assertTrue(found.length == expected.length, what + ": " + found.length + " numbers for " + expected.length);
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs((double) found[i] - expected[i]);
            if (!(difference <= worst)) worst = difference;
        }
        assertTrue(
                worst <= TOLERANCE * largest,
                what + ": differs by " + worst + ", " + worst / largest + " of the largest number " + largest);
    }

    private static float largest(float[] values) {
        float largest = 0;
        for (float value : values) largest = Math.max(largest, Math.abs(value));
        return largest;
    }
}
