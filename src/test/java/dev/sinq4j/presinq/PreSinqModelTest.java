package dev.sinq4j.presinq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.method.PreSinq;
import dev.sinq4j.method.PreSinq.Absorption;
import dev.sinq4j.model.ModelFiles;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.SyntheticModel;
import dev.sinq4j.model.architecture.FeedForward.Xielu;
import dev.sinq4j.model.architecture.Layer;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.testing.Shared;
import dev.sinq4j.weight.DenseWeight;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Moving scales changes the weights and leaves the logits. */
class PreSinqModelTest {

    private static final double NOISE = 1e-4;
    private static final Map<String, float[]> DENSE = new ConcurrentHashMap<>();

    @TempDir
    private Path folder;

    static List<String> models() throws IOException {
        try (Stream<Path> folders = Files.list(Shared.path("models"))) {
            return folders.filter(path -> Files.exists(path.resolve("config.json")))
                    .map(path -> path.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    static Stream<Arguments> modelsAndAbsorptions() throws IOException {
        return models().stream()
                .flatMap(
                        model -> Arrays.stream(Absorption.values()).map(absorption -> Arguments.of(model, absorption)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("modelsAndAbsorptions")
    void everyAbsorptionAloneLeavesTheLogitsOfEveryModel(String name, Absorption absorption) {
        try (ModelSource source = ModelFiles.open(Shared.path("models/" + name))) {
            Assumptions.assumeFalse(
                    absorption == Absorption.DOWN && hasXielu(source), "xIELU lets no scale through, see below");
            assertUnchanged(source, new PreSinq(8, 16, 1, List.of(absorption)));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("models")
    void allAbsorptionsTwiceLeaveTheLogitsOfEveryModel(String name) {
        try (ModelSource source = ModelFiles.open(Shared.path("models/" + name))) {
            List<Absorption> valid = Arrays.stream(Absorption.values())
                    .filter(absorption -> absorption != Absorption.DOWN || !hasXielu(source))
                    .toList();
            assertUnchanged(source, new PreSinq(16, 8, 2, valid));
        }
    }

    @Test
    void aNormWhoseWeightIsStoredLessOneIsScaledAsItIsUsed() {
        try (ModelSource source = ModelFiles.open(Path.of("src/test/resources/dev/sinq4j/engine/tiny-gemma3/model"))) {
            assertUnchanged(source, new PreSinq(8, 16, 2, List.of(Absorption.values())));
        }
    }

    /** heads, value heads, width of a head; hidden is 40. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"4 4 8", "4 2 8", "6 2 8", "10 2 4", "4 1 8", "3 3 8"})
    void sharedValueHeadsAreScaledOnce(String heads) {
        assertUnchanged(qwen3(heads), new PreSinq(8, 16, 1, List.of(Absorption.OUT)));
        assertUnchanged(qwen3(heads), new PreSinq(8, 16, 2, List.of(Absorption.values())));
    }

    @ParameterizedTest(name = "tied {0}")
    @ValueSource(booleans = {true, false})
    void biasesOfProducersAreScaledToo(boolean tied) {
        assertUnchanged(synthetic("""
            {"model_type": "llama", "hidden_act": "silu", "hidden_size": 32, "intermediate_size": 48,
             "num_attention_heads": 4, "num_key_value_heads": 2, "num_hidden_layers": 2, "attention_bias": true,
             "mlp_bias": true, "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "vocab_size": 50,
             "tie_word_embeddings": %s}
            """.formatted(tied)), new PreSinq(8, 16, 1, List.of(Absorption.values())));
    }

    @Test
    void theReferencesMappingOfSharedHeadsWouldChangeTheLogits() {
        ModelSource source = qwen3("6 2 8");
        PreSinq settings = new PreSinq(8, 16, 1, List.of(Absorption.OUT));
        Function<Layer, List<Absorbed>> wrong = layer -> LayerAbsorptions.of(layer, settings.absorb()).stream()
                .map(PreSinqModelTest::withColumnsModuloRows)
                .toList();
        float[] found = Logits.of(new PreSinqModel(source, settings, Optional.of(DType.F32), wrong));
        double difference = Logits.difference(Logits.of(source), found);
        assertTrue(difference > 20 * NOISE, "differs by " + difference);
    }

    /** Column c of o reads row c modulo the rows of v, which is right where no heads are shared. */
    private static Absorbed withColumnsModuloRows(Absorbed right) {
        int[] outputs = IntStream.range(0, right.columns()).map(c -> c % 16).toArray();
        return new Absorbed(right.kind(), right.consumers(), right.deciding(), right.producer(), outputs);
    }

    @Test
    void aScaleThroughXieluIsRefused() {
        var failure = assertThrows(
                UsageFailure.class,
                () -> PreSinqModel.of(apertus(), new PreSinq(64, 16, 1, List.of(Absorption.QKV, Absorption.DOWN))));
        assertEquals(
                "pre-SINQ: absorb 'down' moves the scale of down's columns through the activation, which has to be"
                        + " linear in up's output; xIELU is not (xIELU(t x) is not t xIELU(x)), so a model with it can"
                        + " have qkv, gate-up and out",
                failure.getMessage());
    }

    @Test
    void withoutANamedAbsorptionXieluGetsWhatIsValid() {
        assertUnchanged(apertus(), PreSinq.DEFAULT);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(
            value = DType.class,
            names = {"BF16", "F16"})
    void storedInSixteenBitsTheLogitsDifferByRoundingAlone(DType dtype) {
        ModelSource source = qwen3("4 2 8");
        double difference = Logits.difference(
                Logits.of(source), Logits.of(PreSinqModel.of(source, PreSinq.DEFAULT, Optional.of(dtype))));
        double bound = dtype == DType.BF16 ? 1e-2 : 1e-3;
        assertTrue(difference > 0 && difference < bound, dtype + " differs by " + difference);
    }

    @Test
    void everyAskingGivesTheSameBytes() {
        ModelSource source = qwen3("4 2 8");
        try (Arena arena = Arena.ofConfined()) {
            var linear = source.architecture().linears().getFirst();
            var once = PreSinqModel.of(source, PreSinq.DEFAULT).weight(linear, arena);
            var again = PreSinqModel.of(source, PreSinq.DEFAULT).weight(linear, arena);
            assertEquals(
                    -1,
                    ((DenseWeight) once)
                            .tensor()
                            .data()
                            .mismatch(((DenseWeight) again).tensor().data()));
        }
    }

    private static void assertUnchanged(ModelSource source, PreSinq settings) {
        PreSinqModel changed = PreSinqModel.of(source, settings, Optional.of(DType.F32));
        assertTrue(changesWeights(source, changed), "no weight was changed");
        double difference = Logits.difference(dense(source), Logits.of(changed));
        assertTrue(difference <= NOISE, settings.label() + " changes the logits by " + difference);
    }

    /** The logits of a folder's model are asked for several times. */
    private static float[] dense(ModelSource source) {
        return source.synthetic()
                ? Logits.of(source)
                : DENSE.computeIfAbsent(source.description(), name -> Logits.of(source));
    }

    private static boolean changesWeights(ModelSource source, ModelSource changed) {
        try (Arena arena = Arena.ofConfined()) {
            return source.architecture().linears().stream()
                    .anyMatch(linear -> !Arrays.equals(
                            FactorSearch.dense(source, linear, arena).floats(),
                            FactorSearch.dense(changed, linear, arena).floats()));
        }
    }

    private static boolean hasXielu(ModelSource source) {
        return source.architecture().layers().stream().anyMatch(layer -> layer.feedForward() instanceof Xielu);
    }

    private ModelSource qwen3(String heads) {
        String[] parts = heads.split(" ");
        return synthetic("""
            {"model_type": "qwen3", "hidden_act": "silu", "hidden_size": 40, "intermediate_size": 48,
             "num_attention_heads": %s, "num_key_value_heads": %s, "head_dim": %s, "num_hidden_layers": 2,
             "attention_bias": true, "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "vocab_size": 50}
            """.formatted(parts[0], parts[1], parts[2]));
    }

    private ModelSource apertus() {
        return synthetic("""
            {"model_type": "apertus", "hidden_act": "xielu", "qk_norm": true, "hidden_size": 32,
             "intermediate_size": 48, "num_attention_heads": 4, "num_key_value_heads": 2, "num_hidden_layers": 2,
             "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "vocab_size": 50}
            """);
    }

    private ModelSource synthetic(String config) {
        try {
            return SyntheticModel.of(Files.writeString(folder.resolve("config.json"), config), 1);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
