package dev.sinq4j.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.safetensors.SafetensorsFolder;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tokenizer.Tokenizer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of one layer, two heads of four and a vocabulary of six. */
class GgufModelTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @Test
    void theConfigurationSaysWhatTheMetadataDoes() throws IOException {
        try (GgufModel model = open(model("llama"))) {
            JsonNode config = JSON.readTree(model.config());
            assertEquals("LlamaForCausalLM", config.at("/architectures/0").asText());
            assertEquals("llama", config.path("model_type").asText());
            assertEquals(8, config.path("hidden_size").asInt());
            assertEquals(4, config.path("head_dim").asInt());
            assertEquals(1, config.path("num_key_value_heads").asInt());
            assertEquals(1e-5, config.path("rms_norm_eps").asDouble());
            assertEquals(6, config.path("vocab_size").asInt());
            assertTrue(config.path("tie_word_embeddings").asBoolean());
            assertTrue(config.path("rope_scaling").isNull());
            assertEquals("bfloat16", config.path("torch_dtype").asText());
        }
    }

    @Test
    void llamasQueryAndKeyRowsAreReordered() throws IOException {
        try (GgufModel model = open(model("llama"));
                Arena arena = Arena.ofConfined()) {
            assertArrayEquals(
                    new float[] {0, 2, 1, 3, 4, 6, 5, 7},
                    firstColumn(model.tensor("model.layers.0.self_attn.q_proj.weight", arena)
                            .floats()));
            assertArrayEquals(
                    new float[] {0, 2, 1, 3},
                    firstColumn(model.tensor("model.layers.0.self_attn.k_proj.weight", arena)
                            .floats()));
            assertArrayEquals(
                    new float[] {0, 1, 2, 3},
                    firstColumn(model.tensor("model.layers.0.self_attn.v_proj.weight", arena)
                            .floats()));
        }
    }

    @Test
    void qwensQueryRowsStayAsTheyAre() throws IOException {
        try (GgufModel model = open(model("qwen2"));
                Arena arena = Arena.ofConfined()) {
            assertArrayEquals(
                    new float[] {0, 1, 2, 3, 4, 5, 6, 7},
                    firstColumn(model.tensor("model.layers.0.self_attn.q_proj.weight", arena)
                            .floats()));
        }
    }

    @Test
    void weightsAreRoundedToBfloat16UnlessFp32IsAskedFor() throws IOException {
        Path path = write(model("llama").floats("output_norm.weight", new float[] {0x1.01p0f, 0x1.03p0f}, 2));
        try (GgufModel model = GgufModel.open(path);
                GgufModel exact = GgufModel.open(path, DType.F32);
                Arena arena = Arena.ofConfined()) {
            assertArrayEquals(
                    new float[] {1, 1.015625f},
                    model.tensor("model.norm.weight", arena).floats());
            assertArrayEquals(
                    new float[] {0x1.01p0f, 0x1.03p0f},
                    exact.tensor("model.norm.weight", arena).floats());
        }
    }

    @Test
    void aFolderWrittenFromItIsTheSameModel() throws IOException {
        Path target = folder.resolve("hf");
        try (GgufModel model = open(model("llama"));
                Arena arena = Arena.ofConfined()) {
            model.write(target);
            try (SafetensorsFolder weights = SafetensorsFolder.open(target)) {
                assertEquals(model.names(), weights.names());
                for (String name : model.names())
                    assertArrayEquals(
                            model.tensor(name, arena).floats(),
                            weights.tensor(name).floats());
            }
            assertEquals(model.config(), Files.readString(target.resolve("config.json")));
            Tokenizer written = Tokenizer.open(target);
            Tokenizer direct = Tokenizer.of("x.gguf", model.files());
            assertArrayEquals(new int[] {3, 4, 5}, direct.encode("ab a<end>"));
            assertArrayEquals(new int[] {3, 4, 5}, written.encode("ab a<end>"));
            assertEquals(Set.of(5), written.eos());
            assertEquals("ab", written.decodeText(3, 5));
            assertEquals(1, written.encode("b")[0]);
            assertEquals(Optional.of("T"), written.chatTemplate());
        }
    }

    @Test
    void llamaThreesScalingIsRecognisedByItsFactors() throws IOException {
        float[] factors = {1, 1, 2.6945f, 8}; // the third wavelength lies between 8192 / 4 and 8192
        GgufBytes bytes =
                model("llama").float32("llama.rope.freq_base", 500000).floats("rope_freqs.weight", factors, 4);
        try (GgufModel model = open(bytes)) {
            JsonNode scaling = JSON.readTree(model.config()).path("rope_scaling");
            assertEquals("llama3", scaling.path("rope_type").asText());
            assertEquals(8.0, scaling.path("factor").asDouble());
            assertEquals(8192, scaling.path("original_max_position_embeddings").asInt());
        }
    }

    @Test
    void factorsOfAnUnknownScalingAreRefused() {
        GgufBytes bytes = model("llama").floats("rope_freqs.weight", new float[] {1, 2, 3, 4}, 4);
        assertFailure(
                bytes,
                "x.gguf: rope_freqs.weight belongs to no known setting of Llama 3's scaling; use the model's"
                        + " safetensors");
    }

    @Test
    void anArchitectureThatIsNotConvertedIsRefused() {
        assertFailure(
                new GgufBytes().text("general.architecture", "mamba"),
                "x.gguf: the architecture 'mamba' is none of those converted from GGUF: apertus, llama, qwen2, qwen3,"
                        + " qwen3moe; use the model's safetensors");
    }

    @Test
    void aTensorWithoutAPlaceIsRefused() {
        assertFailure(
                model("llama").floats("blk.0.attn_sinks.weight", new float[] {1}, 1),
                "x.gguf: tensor 'blk.0.attn_sinks.weight' has no place in a model of the architecture llama");
    }

    @Test
    void missingMetadataIsNamed() {
        assertFailure(
                new GgufBytes().text("general.architecture", "llama"),
                "x.gguf: the metadata lacks llama.embedding_length");
        assertFailure(new GgufBytes(), "x.gguf: the metadata lacks general.architecture");
        assertFailure(
                new GgufBytes().uint32("general.architecture", 1),
                "x.gguf: general.architecture is of an unexpected kind: 1");
    }

    @Test
    void aTokenizerThatIsNotConvertedSaysWhatToDo() throws IOException {
        GgufBytes bytes = weights("llama").text("tokenizer.ggml.model", "bert");
        try (GgufModel model = open(bytes)) {
            var failure = assertThrows(UnavailableFailure.class, model::files);
            assertEquals(
                    "x.gguf: its tokenizer is of the kind 'bert', which is not converted; put the model's"
                            + " tokenizer.json and tokenizer_config.json beside it",
                    failure.getMessage());
        }
    }

    private static GgufBytes model(String architecture) {
        return weights(architecture)
                .text("tokenizer.ggml.model", "gpt2")
                .text("tokenizer.ggml.pre", "gpt-2")
                .texts("tokenizer.ggml.tokens", "Ġ", "b", "a", "ab", "Ġa", "<end>")
                .int32s("tokenizer.ggml.token_type", 1, 1, 1, 1, 1, 3)
                .texts("tokenizer.ggml.merges", "a b", "Ġ a")
                .uint32("tokenizer.ggml.eos_token_id", 5)
                .text("tokenizer.chat_template", "T");
    }

    private static GgufBytes weights(String architecture) {
        return new GgufBytes()
                .text("general.architecture", architecture)
                .uint32(architecture + ".embedding_length", 8)
                .uint32(architecture + ".feed_forward_length", 16)
                .uint32(architecture + ".block_count", 1)
                .uint32(architecture + ".context_length", 64)
                .uint32(architecture + ".attention.head_count", 2)
                .uint32(architecture + ".attention.head_count_kv", 1)
                .float32(architecture + ".attention.layer_norm_rms_epsilon", 1e-5f)
                .floats("token_embd.weight", rows(6), 8, 6)
                .floats("blk.0.attn_q.weight", rows(8), 8, 8)
                .floats("blk.0.attn_k.weight", rows(4), 8, 4)
                .floats("blk.0.attn_v.weight", rows(4), 8, 4);
    }

    /** Row r holds r, 8 times. */
    private static float[] rows(int count) {
        float[] values = new float[count * 8];
        for (int i = 0; i < values.length; i++) values[i] = Math.floorDiv(i, 8);
        return values;
    }

    private static float[] firstColumn(float[] values) {
        float[] column = new float[values.length / 8];
        for (int row = 0; row < column.length; row++) column[row] = values[row * 8];
        return column;
    }

    private void assertFailure(GgufBytes bytes, String message) {
        var failure = assertThrows(UnavailableFailure.class, () -> open(bytes));
        assertEquals(message, failure.getMessage());
    }

    private GgufModel open(GgufBytes bytes) throws IOException {
        return GgufModel.open(write(bytes));
    }

    private Path write(GgufBytes bytes) throws IOException {
        return Files.write(folder.resolve("x.gguf"), bytes.bytes());
    }
}
