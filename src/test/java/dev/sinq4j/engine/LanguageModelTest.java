package dev.sinq4j.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Linear;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LanguageModelTest {

    private static final float ROUNDING = 1e-6f;

    @TempDir
    Path folder;

    private final Backend backend = CpuBackend.create(1);
    private ModelSource source;
    private LanguageModel model;

    @BeforeEach
    void load() {
        source = TinyModels.llama(folder);
        model = LanguageModel.load(source, LinearWeights.STORED, backend);
    }

    @AfterEach
    void close() {
        model.close();
        source.close();
        backend.close();
    }

    @Test
    void lossesAreThoseOfTheLogits() {
        int[] ids = TinyModels.ids(40);
        double[] nll = model.nll(ids);
        assertEquals(39, nll.length);
        model.logits(Arrays.copyOf(ids, 39), 0, (position, count, logits) -> {
            for (int i = 0; i < count; i++) {
                float[] row = Arrays.copyOfRange(logits, i * 50, (i + 1) * 50);
                assertEquals(loss(row, ids[position + i + 1]), nll[position + i], ROUNDING);
            }
        });
    }

    @Test
    void logitsAreHandedOutFromThePositionAskedForOn() {
        List<Integer> positions = new ArrayList<>();
        model.logits(TinyModels.ids(40), 37, (position, count, logits) -> {
            for (int i = 0; i < count; i++) positions.add(position + i);
        });
        assertEquals(List.of(37, 38, 39), positions);
    }

    @Test
    void aTextLongerThanABlockGivesTheLogitsOfOneThatGrew() {
        int[] ids = TinyModels.ids(Block.MOST_TOKENS + 3);
        try (Session whole = model.session(ids.length);
                Session grown = model.session(ids.length)) {
            float[] atOnce = whole.prefill(ids);
            grown.prefill(Arrays.copyOf(ids, 500));
            assertArrayEquals(atOnce, grown.prefill(Arrays.copyOfRange(ids, 500, ids.length)), ROUNDING);
        }
    }

    @Test
    void aSessionThatWentBackContinuesAsIfNothingHadBeen() {
        int[] prompt = TinyModels.ids(9);
        try (Session session = model.session(20)) {
            float[] first = session.prefill(prompt);
            session.next(3);
            session.next(4);
            session.rewind(8);
            assertArrayEquals(first, session.next(prompt[8]), ROUNDING);
            assertEquals(9, session.length());
        }
    }

    @Test
    void aSessionHandsOutTheLogitsOfNewTokensOnly() {
        int[] ids = TinyModels.ids(12);
        try (Session session = model.session(12)) {
            session.prefill(Arrays.copyOf(ids, 10));
            List<Integer> positions = new ArrayList<>();
            session.prefill(
                    Arrays.copyOfRange(ids, 10, 12),
                    (position, count, logits) -> positions.addAll(List.of(position, count)));
            assertEquals(List.of(10, 2), positions);
        }
    }

    @Test
    void aFullSessionTakesNoMoreTokens() {
        try (Session session = model.session(2)) {
            session.prefill(TinyModels.ids(2));
            var error = assertThrows(IllegalArgumentException.class, () -> session.next(1));
            assertEquals("a session of 2 tokens holds 2 and has no room for 1 more", error.getMessage());
        }
    }

    @Test
    void aTokenOutsideTheVocabularyIsRefused() {
        var error = assertThrows(IllegalArgumentException.class, () -> model.nll(new int[] {1, 50, 2}));
        assertEquals("token 50 at place 1 is not in the model's vocabulary of 50", error.getMessage());
    }

    @Test
    void bytesAreCountedFromWhatIsStored() {
        ModelBytes bytes = model.bytes();
        assertEquals(2 * source.architecture().parameterCount(), bytes.stored());
        assertEquals(16, bytes.bitsPerWeight());
        assertEquals(source.architecture().quantizableCount(), bytes.quantizableCount());
    }

    @Test
    void aCacheTakesKeysAndValuesOfEveryLayer() {
        assertEquals(4 * 2 * (2 * 2 * 8) * 100, LanguageModel.cacheBytes(source.architecture(), 100));
    }

    @Test
    void weightsAreChosenOnceForEveryQuantizableMatrixInTheOrderOfUse() {
        List<Linear> asked = new ArrayList<>();
        LanguageModel.load(
                        source,
                        (linear, stored) -> {
                            asked.add(linear);
                            return stored;
                        },
                        backend)
                .close();
        assertEquals(source.architecture().linears(), asked);
    }

    @Test
    void layerByLayerGivesExactlyTheSameLosses() {
        List<int[]> windows = List.of(TinyModels.ids(30), TinyModels.ids(7), TinyModels.ids(600));
        List<double[]> found =
                new LayerByLayer(source, LinearWeights.STORED, Optional.empty(), backend, () -> {}).nll(windows);
        for (int i = 0; i < windows.size(); i++) assertArrayEquals(model.nll(windows.get(i)), found.get(i));
    }

    private static double loss(float[] logits, int target) {
        double sum = 0;
        for (float logit : logits) sum += Math.exp(logit);
        return Math.log(sum) - logits[target];
    }
}
