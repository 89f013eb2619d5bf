package dev.sinq4j.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.LinearId;
import dev.sinq4j.model.architecture.Role;
import dev.sinq4j.quant.Inputs;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationTest {

    private static final List<int[]> BLOCKS = List.of(TinyModels.ids(5), TinyModels.ids(9));

    @TempDir
    Path folder;

    private final Backend backend = CpuBackend.create(1);

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void everyMatrixIsGivenTheInputsOfAllBlocksInOrder() {
        try (ModelSource source = TinyModels.llama(folder)) {
            Map<LinearId, Inputs> seen = visit(source, false, CalibrationTest::stored);
            assertEquals(14, seen.size());
            for (Linear linear : source.architecture().linears()) {
                assertEquals(14, seen.get(linear.id()).tokens());
                assertEquals(linear.columns(), seen.get(linear.id()).columns());
            }
            // the first matrix sees nothing but the normalized embeddings of its block's tokens
            float[] first = seen.get(id(0, Role.Q)).values();
            assertArrayEquals(Arrays.copyOf(first, 32), Arrays.copyOfRange(first, 5 * 32, 6 * 32));
            assertFalse(Arrays.equals(Arrays.copyOf(first, 32), Arrays.copyOfRange(first, 32, 64)));
        }
    }

    /** What rounding every result on the way to bf16 may change in numbers of about 1. */
    private static final float BF16_ROUNDING = 0.03f;

    @Test
    void inputsAreWhatTheModelComputesOnItsWay() {
        try (ModelSource source = TinyModels.llama(folder);
                LanguageModel model = LanguageModel.load(source, LinearWeights.STORED, backend);
                Arena arena = Arena.ofShared()) {
            Map<LinearId, Inputs> seen = visit(source, false, CalibrationTest::stored);
            float[] norm = source.tensor(source.architecture().layers().get(1).attentionNorm(), arena)
                    .floats();
            model.hidden(BLOCKS.get(1), (stage, position, count, hidden) -> {
                if (stage != 1) return;
                float[] expected = new float[hidden.length];
                for (int t = 0; t < count; t++) normalize(hidden, t, norm, expected);
                float[] found = seen.get(id(1, Role.K)).values();
                assertArrayEquals(expected, Arrays.copyOfRange(found, 5 * 32, 14 * 32), BF16_ROUNDING);
            });
        }
    }

    @Test
    void matricesThatReadTheSameInputShareIt() {
        try (ModelSource source = TinyModels.llama(folder)) {
            Map<LinearId, Inputs> seen = visit(source, false, CalibrationTest::stored);
            assertSame(seen.get(id(1, Role.Q)).values(), seen.get(id(1, Role.V)).values());
            assertSame(
                    seen.get(id(1, Role.GATE)).values(),
                    seen.get(id(1, Role.UP)).values());
        }
    }

    @Test
    void anExpertIsGivenOnlyItsTokens() {
        try (ModelSource source = TinyModels.experts(folder)) {
            Map<LinearId, Inputs> seen = visit(source, false, CalibrationTest::stored);
            int tokens = 0;
            for (int expert = 0; expert < 4; expert++) {
                Inputs inputs = seen.get(new LinearId(1, Role.DOWN, expert));
                if (inputs != null) tokens += inputs.tokens();
            }
            assertEquals(2 * 14, tokens);
        }
    }

    @Test
    void chosenWeightsChangeTheInputsOfLaterLayersOnlyIfSequential() {
        try (ModelSource source = TinyModels.llama(folder)) {
            float[] dense = visit(source, false, CalibrationTest::stored)
                    .get(id(1, Role.Q))
                    .values();
            float[] apart = visit(source, false, CalibrationTest::zeros)
                    .get(id(1, Role.Q))
                    .values();
            float[] sequential = visit(source, true, CalibrationTest::zeros)
                    .get(id(1, Role.Q))
                    .values();
            float[] sequentialDense = visit(source, true, CalibrationTest::stored)
                    .get(id(1, Role.Q))
                    .values();
            assertArrayEquals(dense, apart);
            assertArrayEquals(dense, sequentialDense);
            assertFalse(Arrays.equals(dense, sequential));
        }
    }

    @Test
    void theModelHasTheWeightsThatWereChosen() {
        int[] ids = TinyModels.ids(20);
        try (ModelSource source = TinyModels.llama(folder);
                LanguageModel dense = LanguageModel.load(source, LinearWeights.STORED, backend);
                LanguageModel same = new Calibration(BLOCKS, false)
                        .load(source, CalibrationTest::stored, Optional.empty(), backend);
                LanguageModel zero =
                        new Calibration(BLOCKS, true).load(source, CalibrationTest::zeros, Optional.empty(), backend);
                LanguageModel alsoZero = LanguageModel.load(
                        source, (linear, stored) -> zeros(linear, stored, Optional.empty()), backend)) {
            assertArrayEquals(dense.nll(ids), same.nll(ids));
            assertArrayEquals(alsoZero.nll(ids), zero.nll(ids));
            assertFalse(Arrays.equals(dense.nll(ids), zero.nll(ids)));
        }
    }

    private Map<LinearId, Inputs> visit(ModelSource source, boolean sequential, CalibratedWeights weights) {
        Map<LinearId, Inputs> seen = new HashMap<>();
        Set<Role> router = Set.of(Role.ROUTER);
        new Calibration(BLOCKS, sequential)
                .visit(
                        source,
                        (linear, stored, inputs) -> {
                            assertTrue(!router.contains(linear.id().role()));
                            inputs.ifPresent(present -> seen.put(linear.id(), present));
                            return weights.weight(linear, stored, inputs);
                        },
                        backend);
        return seen;
    }

    private static Weight stored(Linear linear, Weight stored, Optional<Inputs> inputs) {
        return stored;
    }

    private static Weight zeros(Linear linear, Weight stored, Optional<Inputs> inputs) {
        return new DenseWeight(new Tensor(
                linear.tensor(), DType.F32, linear.shape(), Arena.ofAuto().allocate(4 * linear.elements())));
    }

    private static LinearId id(int layer, Role role) {
        return new LinearId(layer, role, LinearId.NONE);
    }

    private static void normalize(float[] hidden, int token, float[] weight, float[] out) {
        double squares = 0;
        for (int i = 0; i < 32; i++) squares += (double) hidden[token * 32 + i] * hidden[token * 32 + i];
        double factor = 1 / Math.sqrt(squares / 32 + 1e-5);
        for (int i = 0; i < 32; i++) out[token * 32 + i] = (float) (hidden[token * 32 + i] * factor * weight[i]);
    }
}
