package dev.sinq4j.model.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Attention;
import dev.sinq4j.model.architecture.Layer;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.LinearId;
import dev.sinq4j.model.architecture.Role;
import dev.sinq4j.testing.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FamiliesTest {

    @ParameterizedTest(name = "{0} has {1} parameters")
    @CsvSource({
        "Llama-3.2-1B, 1235814400",
        "TinyLlama-1.1B, 1100048384",
        "SmolLM2-135M, 134515008",
        "Mistral-7B-v0.1, 7241732096",
        "Qwen2.5-0.5B, 494032768",
        "Qwen3-0.6B, 596049920",
        "Qwen3-1.7B, 1720574976",
        "Qwen3-4B, 4022468096",
        "Qwen3-8B, 8190735360",
        "Qwen3-14B, 14768307200",
        "Qwen3-32B, 32762123264",
        "Qwen3-30B-A3B, 30532122624",
        "Apertus-8B-2509, 8053338176",
    })
    void publishedModelsHaveTheirPublishedParameterCount(String model, long parameters) {
        Path config = Shared.path("data/configs/" + model + ".config.json");
        assertEquals(parameters, Families.read(config).parameterCount());
    }

    @Test
    void gemma3Of1BHasItsPublishedParameterCountAndEverySixthLayerSeesEverything() throws IOException {
        ObjectNode config = gemma();
        Architecture architecture = Families.read("gemma", config);
        assertEquals(999_885_952, architecture.parameterCount());
        assertTrue(architecture.tied());
        for (Layer layer : architecture.layers())
            assertEquals(
                    (layer.index() + 1) % 6 == 0 ? Attention.NO_WINDOW : 512,
                    layer.attention().window());
    }

    @Test
    void theSoftCapsOfGemma2AreRefused() throws IOException {
        ObjectNode config = gemma();
        config.put("attn_logit_softcapping", 50);
        UnavailableFailure failure = assertThrows(UnavailableFailure.class, () -> Families.read("gemma", config));
        assertEquals(
                "gemma: field 'attn_logit_softcapping': expected null: soft caps are not implemented, found 50",
                failure.getMessage());
    }

    private static ObjectNode gemma() throws IOException {
        return (ObjectNode) new ObjectMapper().readTree("""
            {"model_type": "gemma3_text", "vocab_size": 262144, "hidden_size": 1152, "intermediate_size": 6912,
             "num_hidden_layers": 26, "num_attention_heads": 4, "num_key_value_heads": 1, "head_dim": 256,
             "query_pre_attn_scalar": 256, "hidden_activation": "gelu_pytorch_tanh", "rms_norm_eps": 1e-6,
             "max_position_embeddings": 32768, "sliding_window": 512, "rope_theta": 1000000,
             "attn_logit_softcapping": null}
            """);
    }

    static List<Path> sharedConfigs() throws IOException {
        try (Stream<Path> files = Files.list(Shared.path("data/configs"))) {
            return files.filter(file -> file.toString().endsWith(".config.json"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sharedConfigs")
    void everyRealConfigurationIsReadOrRefusedByFileAndField(Path config) {
        try {
            Architecture architecture = Families.read(config);
            assertTrue(architecture.quantizableCount() < architecture.parameterCount());
            assertTrue(2 * architecture.quantizableCount() > architecture.parameterCount() / 2);
        } catch (UnavailableFailure e) {
            assertTrue(e.getMessage().startsWith(config + ": field '"), e.getMessage());
        }
    }

    @Test
    void matricesOfALayerAreListedInTheOrderOfUseWithTheirShapes() {
        Architecture architecture = Families.read("test", Configs.llama());
        List<String> first = architecture.layers().getFirst().linears().stream()
                .map(linear -> linear.tensor() + " " + linear.rows() + "x" + linear.columns())
                .toList();
        assertEquals(
                List.of(
                        "model.layers.0.self_attn.q_proj.weight 16x16",
                        "model.layers.0.self_attn.k_proj.weight 8x16",
                        "model.layers.0.self_attn.v_proj.weight 8x16",
                        "model.layers.0.self_attn.o_proj.weight 16x16",
                        "model.layers.0.mlp.gate_proj.weight 24x16",
                        "model.layers.0.mlp.up_proj.weight 24x16",
                        "model.layers.0.mlp.down_proj.weight 16x24"),
                first);
        assertEquals(14, architecture.linears().size());
    }

    @Test
    void headAndTokensComeFromTheConfiguration() {
        Architecture architecture = Families.read("test", Configs.llama());
        assertEquals("lm_head.weight", architecture.head().tensor());
        assertFalse(architecture.head().quantizable());
        assertEquals(OptionalInt.of(1), architecture.beginToken());
        assertEquals(List.of(2, 3), architecture.endTokens());
        assertEquals(2 * 2 * 2 * 4, architecture.cachedNumbersPerPosition());
    }

    @Test
    void aTiedHeadReadsTheEmbeddingAndIsCountedOnce() {
        Architecture untied = Families.read("test", Configs.llama());
        Architecture tied = Families.read("test", Configs.llama(c -> c.put("tie_word_embeddings", true)));
        assertEquals("model.embed_tokens.weight", tied.head().tensor());
        assertEquals(40 * 16, untied.parameterCount() - tied.parameterCount());
    }

    @Test
    void biasesAreWhereTheConfigurationPutsThem() {
        Architecture architecture = Families.read("test", Configs.llama(c -> {
            c.put("attention_bias", true);
            c.put("mlp_bias", true);
        }));
        for (Linear linear : architecture.linears())
            assertEquals(
                    linear.tensor().replace(".weight", ".bias"),
                    linear.bias().orElseThrow().name());
    }

    @Test
    void routersAreNotQuantizable() {
        Path config = Shared.path("data/configs/Qwen3-30B-A3B.config.json");
        List<Linear> fixed = Families.read(config).linears().stream()
                .filter(linear -> !linear.quantizable())
                .toList();
        assertEquals(48, fixed.size());
        assertTrue(fixed.stream().allMatch(linear -> linear.id().role() == Role.ROUTER));
    }

    @Test
    void expertsAreNumbered() {
        Path config = Shared.path("data/configs/Qwen3-30B-A3B.config.json");
        Linear last = Families.read(config).linears().getLast();
        assertEquals(new LinearId(47, Role.DOWN, 127), last.id());
        assertEquals("layer 47 expert 127 down", last.id().toString());
        assertEquals("model.layers.47.mlp.experts.127.down_proj.weight", last.tensor());
    }

    @Test
    void aSlidingWindowIsThatOfTheConfiguration() {
        Path config = Shared.path("data/configs/Mistral-7B-v0.1.config.json");
        assertEquals(4096, Families.read(config).layers().getFirst().attention().window());
    }

    @Test
    void qwenHasAWindowOnlyWhereItIsUsed() {
        Architecture unused = Families.read("test", qwen2("\"use_sliding_window\": false"));
        Architecture used = Families.read("test", qwen2("\"use_sliding_window\": true"));
        assertEquals(List.of(Attention.NO_WINDOW, Attention.NO_WINDOW), windows(unused));
        assertEquals(List.of(Attention.NO_WINDOW, 8), windows(used));
    }

    private static List<Integer> windows(Architecture architecture) {
        return architecture.layers().stream()
                .map(layer -> layer.attention().window())
                .toList();
    }

    private static ObjectNode qwen2(String field) {
        return Configs.parse("""
            {"model_type": "qwen2", "hidden_act": "silu", "hidden_size": 16, "intermediate_size": 24,
             "num_attention_heads": 4, "num_hidden_layers": 2, "max_position_embeddings": 64,
             "rms_norm_eps": 1e-6, "vocab_size": 40, "sliding_window": 8, "max_window_layers": 1, %s}
            """.formatted(field));
    }
}
