package dev.sinq4j.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sinq4j.kernel.Kernels;
import dev.sinq4j.model.ModelFiles;
import dev.sinq4j.model.ModelSource;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts that grow together against the same texts one by one, for every family there is a model of. */
class BatchSessionTest {

    private static final int BATCH = 5;
    private static final int PROMPT = 30;
    private static final int DECODED = 12;

    /** Of the largest logit: the vector kernels multiply one token and several in different orders. */
    private static final float TOLERANCE = 5e-6f;

    @TempDir
    Path folder;

    static List<String> bundled() {
        return GoldenModel.bundled();
    }

    static List<String> models() {
        return GoldenModel.names();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"bundled", "models"})
    void logitsAreThoseOfEachTextAloneToTheLastBitOnScalarKernels(String name) {
        growing(
                name,
                new CpuBackend(Kernels.create(2, "scalar")),
                (alone, together) -> assertArrayEquals(alone, together));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"bundled", "models"})
    void logitsAreThoseOfEachTextAloneOnTheFastKernels(String name) {
        growing(
                name,
                CpuBackend.create(2),
                (alone, together) -> assertArrayEquals(alone, together, TOLERANCE * largest(alone)));
    }

    /** Two rows of logits of what has to be the same. */
    @FunctionalInterface
    private interface Same {
        void check(float[] alone, float[] together);
    }

    private static void growing(String name, Backend given, Same same) {
        try (GoldenModel golden = GoldenModel.open(name);
                Backend backend = given;
                ModelSource source = ModelFiles.open(golden.folder());
                LanguageModel model = LanguageModel.load(source, LinearWeights.STORED, backend)) {
            int[][] texts = texts(model.architecture().vocabulary());
            float[][] alone = new float[BATCH * (1 + DECODED)][];
            for (int text = 0; text < BATCH; text++)
                try (Session session = model.session(PROMPT + DECODED)) {
                    alone[text] = session.prefill(Arrays.copyOf(texts[text], PROMPT));
                    for (int i = 0; i < DECODED; i++)
                        alone[(1 + i) * BATCH + text] = session.next(texts[text][PROMPT + i]);
                }
            try (BatchSession batch = model.batch(BATCH, PROMPT + DECODED)) {
                check(alone, 0, batch.prefill(prompts(texts)), same);
                for (int i = 0; i < DECODED; i++) check(alone, 1 + i, batch.next(column(texts, PROMPT + i)), same);
                assertEquals(PROMPT + DECODED, batch.length());
            }
        }
    }

    private static void check(float[][] alone, int step, float[] together, Same same) {
        int vocabulary = together.length / BATCH;
        for (int text = 0; text < BATCH; text++)
            same.check(
                    alone[step * BATCH + text],
                    Arrays.copyOfRange(together, text * vocabulary, (text + 1) * vocabulary));
    }

    @Test
    void aBatchLongerThanABlockGivesTheLogitsOfEachTextAlone() {
        try (Backend backend = CpuBackend.create(1);
                ModelSource source = TinyModels.llama(folder);
                LanguageModel model = LanguageModel.load(source, LinearWeights.STORED, backend);
                Session first = model.session(400);
                BatchSession batch = model.batch(2, 400)) {
            int[] ids = TinyModels.ids(400);
            int[] backwards = new int[400];
            for (int i = 0; i < 400; i++) backwards[i] = ids[399 - i];
            float[] together = batch.prefill(new int[][] {ids, backwards});
            assertArrayEquals(first.prefill(ids), Arrays.copyOf(together, 50), 1e-6f);
            first.rewind(0);
            assertArrayEquals(first.prefill(backwards), Arrays.copyOfRange(together, 50, 100), 1e-6f);
        }
    }

    @Test
    void textsOfOtherNumberOrLengthAreRefused() {
        try (Backend backend = CpuBackend.create(1);
                ModelSource source = TinyModels.llama(folder);
                LanguageModel model = LanguageModel.load(source, LinearWeights.STORED, backend);
                BatchSession batch = model.batch(2, 4)) {
            assertEquals(
                    "tokens for 1 texts in a batch of 2",
                    assertThrows(IllegalArgumentException.class, () -> batch.next(new int[] {1}))
                            .getMessage());
            assertEquals(
                    "texts of a batch grow together: text 1 has 1 new tokens, the first 2",
                    assertThrows(IllegalArgumentException.class, () -> batch.prefill(new int[][] {{1, 2}, {3}}))
                            .getMessage());
            batch.prefill(new int[][] {{1, 2, 3, 4}, {5, 6, 7, 8}});
            assertEquals(
                    "a session of 4 tokens holds 4 and has no room for 1 more",
                    assertThrows(IllegalArgumentException.class, () -> batch.next(new int[] {1, 2}))
                            .getMessage());
        }
    }

    /** (BATCH, PROMPT + DECODED), every text another. */
    private static int[][] texts(int vocabulary) {
        int[][] texts = new int[BATCH][PROMPT + DECODED];
        for (int text = 0; text < BATCH; text++)
            for (int i = 0; i < PROMPT + DECODED; i++) texts[text][i] = (7 + i * 31 + text * (13 + i)) % vocabulary;
        return texts;
    }

    private static int[][] prompts(int[][] texts) {
        return Arrays.stream(texts).map(text -> Arrays.copyOf(text, PROMPT)).toArray(int[][]::new);
    }

    private static int[] column(int[][] texts, int at) {
        return Arrays.stream(texts).mapToInt(text -> text[at]).toArray();
    }

    private static float largest(float[] values) {
        float largest = 0;
        for (float value : values) largest = Math.max(largest, Math.abs(value));
        return largest;
    }
}
