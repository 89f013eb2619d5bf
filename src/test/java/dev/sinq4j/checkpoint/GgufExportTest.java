package dev.sinq4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.gguf.GgufFile;
import dev.sinq4j.gguf.GgufFileType;
import dev.sinq4j.gguf.GgufModel;
import dev.sinq4j.gguf.GgufType;
import dev.sinq4j.model.GgufSource;
import dev.sinq4j.model.ModelFiles;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.SyntheticModel;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.Parameter;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.testing.Shared;
import dev.sinq4j.tokenizer.Tokenizer;
import dev.sinq4j.weight.DenseWeight;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A model written to GGUF and read again is the same model. */
class GgufExportTest {

    private static final Path QUICKSTART = Path.of("experiments/quickstart/model");

    @TempDir
    private Path folder;

    static List<Path> models() throws IOException {
        try (Stream<Path> folders = Files.list(Shared.path("models"))) {
            return folders.filter(path -> Files.exists(path.resolve("config.json")))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("models")
    void inFp32EveryNumberComesBackOrTheModelIsRefused(Path model) {
        Path file = folder.resolve("x.gguf");
        try (ModelSource source = ModelFiles.open(model)) {
            try {
                export(model, file, GgufFileType.F32, false);
            } catch (UsageFailure refused) {
                assertTrue(refused.getMessage().startsWith(model.toString()), refused.getMessage());
                assertFalse(Files.exists(file));
                Assumptions.abort("not written to GGUF: " + refused.getMessage());
            }
            try (GgufModel read = GgufModel.open(file, DType.F32)) {
                assertSameNumbers(source, read);
            }
            try (ModelSource read = GgufSource.open(file)) {
                assertSameShape(source.architecture(), read.architecture());
            }
        }
    }

    @Test
    void expertsAreStackedAndComeBackOneByOne() throws IOException {
        Path config = Files.writeString(folder.resolve("config.json"), """
            {"model_type": "qwen3_moe", "hidden_act": "silu", "hidden_size": 32, "intermediate_size": 16,
             "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8, "num_hidden_layers": 2,
             "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "vocab_size": 50, "num_experts": 4,
             "num_experts_per_tok": 2, "moe_intermediate_size": 16, "decoder_sparse_step": 1, "norm_topk_prob": true}
            """);
        Path file = folder.resolve("x.gguf");
        try (ModelSource source = SyntheticModel.of(config, 1)) {
            new GgufExport(config, LayerStream.stored(), GgufFileType.F32, file, false)
                    .run(source, (linear, layer) -> {});
            try (GgufModel read = GgufModel.open(file, DType.F32);
                    ModelSource opened = GgufSource.open(file)) {
                assertSameNumbers(source, read);
                assertSameShape(source.architecture(), opened.architecture());
            }
            try (GgufFile read = GgufFile.open(file)) {
                assertEquals(
                        List.of(4L, 16L, 32L),
                        read.tensors().get("blk.1.ffn_up_exps.weight").shape());
            }
        }
    }

    private static void assertSameNumbers(ModelSource source, GgufModel read) {
        for (Linear linear : source.architecture().linears())
            try (Arena arena = Arena.ofConfined()) {
                DenseWeight stored = (DenseWeight) source.weight(linear, arena);
                assertArrayEquals(
                        stored.tensor().floats(),
                        read.tensor(linear.tensor(), arena).floats(),
                        linear.tensor());
            }
        for (Parameter parameter : source.architecture().parameters())
            try (Arena arena = Arena.ofConfined()) {
                assertArrayEquals(
                        source.tensor(parameter, arena).floats(),
                        read.tensor(parameter.name(), arena).floats(),
                        parameter.name());
            }
    }

    /** Everything a configuration decides: Mistral without a window is a Llama. */
    private static void assertSameShape(Architecture expected, Architecture found) {
        assertEquals(expected.layers(), found.layers());
        assertEquals(expected.rope(), found.rope());
        assertEquals(expected.normEps(), found.normEps());
        assertEquals(expected.tied(), found.tied());
        assertEquals(expected.vocabulary(), found.vocabulary());
        assertEquals(expected.positions(), found.positions());
    }

    @Test
    void theTokenizerComesBack() {
        Path file = folder.resolve("x.gguf");
        export(QUICKSTART, file, GgufFileType.F16, false);
        Tokenizer expected = Tokenizer.open(QUICKSTART);
        try (GgufModel read = GgufModel.open(file)) {
            Tokenizer found = Tokenizer.of("x.gguf", read.files());
            String text = "Once upon a time, in 1999,\n\tthere was a naïve 🐈 — it's  happy!";
            assertArrayEquals(expected.encode(text), found.encode(text));
            assertEquals(expected.bos(), found.bos());
            assertEquals(expected.eos(), found.eos());
            assertEquals(expected.chatTemplate(), found.chatTemplate());
            assertEquals(text, found.decodeText(expected.encode(text)));
        }
    }

    @ParameterizedTest
    @EnumSource(GgufFileType.class)
    void matricesAreOfTheTypeAskedForAndNormsFp32(GgufFileType type) {
        Path file = folder.resolve("x.gguf");
        ExportResult result = export(QUICKSTART, file, type, false);
        try (GgufFile read = GgufFile.open(file)) {
            assertEquals((long) type.id(), read.metadata().get("general.file_type"));
            read.tensors().values().forEach(tensor -> {
                if (tensor.name().contains("norm")) assertEquals(GgufType.F32, tensor.type());
                if (tensor.name().matches("blk.*(attn_q|ffn_down)\\.weight"))
                    assertEquals(type.ofMatrix((int) (long) tensor.shape().getLast()), tensor.type(), tensor.name());
            });
            long bytes = read.tensors().values().stream()
                    .mapToLong(tensor -> tensor.data().byteSize())
                    .sum();
            assertEquals(bytes, result.weightBytes());
        }
    }

    @Test
    void rowsThatDoNotDivideIntoBlocksFallBackAsInLlamaQuantize() {
        assertEquals(GgufType.Q3_K, GgufFileType.Q3_K_S.ofMatrix(512));
        assertEquals(GgufType.IQ4_NL, GgufFileType.Q3_K_S.ofMatrix(576));
        assertEquals(GgufType.F16, GgufFileType.Q3_K_S.ofMatrix(172));
        assertEquals(GgufType.F16, GgufFileType.Q4_0.ofMatrix(172));
    }

    @Test
    void aFileThatIsThereStaysUnlessReplacingIsAskedFor() throws IOException {
        Path file = Files.writeString(folder.resolve("x.gguf"), "mine");
        var failure = assertThrows(UsageFailure.class, () -> export(QUICKSTART, file, GgufFileType.F16, false));
        assertEquals(file + " is there already; pass --force to replace it", failure.getMessage());
        assertEquals("mine", Files.readString(file));
        export(QUICKSTART, file, GgufFileType.F16, true);
        GgufFile.open(file).close();
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void aNameWithoutTheEndingIsRefused() {
        var failure = assertThrows(
                UsageFailure.class, () -> export(QUICKSTART, folder.resolve("x"), GgufFileType.F16, false));
        assertEquals(
                "--format gguf writes one file, whose name ends in .gguf; --out is " + folder.resolve("x"),
                failure.getMessage());
    }

    @Test
    void whatFailsHalfwayLeavesNothing() throws IOException {
        LayerStream failing = (source, finished) -> {
            throw new UsageFailure("no");
        };
        try (ModelSource source = ModelFiles.open(QUICKSTART)) {
            GgufExport export = new GgufExport(
                    QUICKSTART.resolve("config.json"), failing, GgufFileType.F16, folder.resolve("x.gguf"), false);
            assertThrows(UsageFailure.class, () -> export.run(source, (linear, layer) -> {}));
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
    }

    static ExportResult export(Path model, Path file, GgufFileType type, boolean replace) {
        try (ModelSource source = ModelFiles.open(model)) {
            return new GgufExport(model.resolve("config.json"), LayerStream.stored(), type, file, replace)
                    .run(source, (linear, layer) -> {});
        }
    }
}
