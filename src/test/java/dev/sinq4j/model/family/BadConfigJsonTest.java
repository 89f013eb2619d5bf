package dev.sinq4j.model.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BadConfigJsonTest {

    static Stream<Arguments> spoiledConfigurations() {
        return Stream.of(
                spoiled(c -> c.remove("vocab_size"), "field 'vocab_size': is missing; expected a whole number"),
                spoiled(c -> c.putNull("hidden_size"), "field 'hidden_size': is missing; expected a whole number"),
                spoiled(
                        c -> c.put("hidden_size", 16.5),
                        "field 'hidden_size': expected a whole number from 1 to 16777216, found 16.5"),
                spoiled(
                        c -> c.put("hidden_size", "16"),
                        "field 'hidden_size': expected a whole number from 1 to 16777216, found \"16\""),
                spoiled(
                        c -> c.put("intermediate_size", -24),
                        "field 'intermediate_size': expected a whole number from 1 to 16777216, found -24"),
                spoiled(
                        c -> c.put("num_hidden_layers", 1_000_000_000),
                        "field 'num_hidden_layers': expected a whole number from 1 to 4096, found 1000000000"),
                spoiled(
                        c -> c.put("vocab_size", 99999999999999L),
                        "field 'vocab_size': expected a whole number from 1 to 16777216, found 99999999999999"),
                spoiled(
                        c -> c.put("num_key_value_heads", 3),
                        "field 'num_key_value_heads': 3 does not divide num_attention_heads, which is 4"),
                spoiled(
                        c -> c.put("hidden_size", 18),
                        "field 'hidden_size': 18 is not a multiple of num_attention_heads, 4, and there is no"
                                + " head_dim"),
                spoiled(
                        c -> c.put("head_dim", 5),
                        "field 'head_dim': the rotated part of a head has 5 numbers, an odd number"),
                spoiled(c -> c.put("rms_norm_eps", 0), "field 'rms_norm_eps': expected a number above zero, found 0"),
                spoiled(
                        c -> c.put("rope_theta", "big"),
                        "field 'rope_theta': expected a number above zero, found \"big\""),
                spoiled(
                        c -> c.put("attention_bias", "no"),
                        "field 'attention_bias': expected true or false, found \"no\""),
                spoiled(
                        c -> c.put("hidden_act", "gelu"),
                        "field 'hidden_act': expected one of [silu] (nothing else is supported), found \"gelu\""),
                spoiled(
                        c -> c.put("rope_interleaved", true),
                        "field 'rope_interleaved': expected false (nothing else is supported), found true"),
                spoiled(
                        c -> c.put("eos_token_id", 40),
                        "field 'eos_token_id': expected tokens below vocab_size, which is 40, found 40"),
                spoiled(
                        c -> c.put("bos_token_id", -1),
                        "field 'bos_token_id': expected a whole number from 0 to 39, found -1"),
                spoiled(
                        c -> c.put("model_type", "mamba"),
                        "field 'model_type': expected one of [apertus, deepseek_v2, gemma3_text, llama, mistral, phi3,"
                                + " qwen2, qwen3, qwen3_moe], found \"mamba\""),
                spoiled(c -> c.remove("model_type"), "field 'model_type': is missing; expected a text"),
                spoiled(
                        c -> c.putArray("architectures").add("LlamaForSequenceClassification"),
                        "field 'architectures': expected LlamaForCausalLM, as model_type is llama, found"
                                + " [\"LlamaForSequenceClassification\"]"),
                spoiled(
                        c -> c.putObject("rope_scaling")
                                .put("rope_type", "dynamic")
                                .put("factor", 2),
                        "field 'rope_scaling.rope_type': expected one of [default, linear, llama3, yarn, longrope],"
                                + " found \"dynamic\""),
                spoiled(
                        c -> c.putObject("rope_scaling").put("factor", 2),
                        "field 'rope_scaling.rope_type': is missing; expected a text"),
                spoiled(
                        c -> c.putObject("rope_scaling").put("type", "linear").put("rope_type", "yarn"),
                        "field 'rope_scaling.rope_type': 'yarn' contradicts type 'linear'"),
                spoiled(
                        c -> c.putObject("rope_scaling")
                                .put("type", "linear")
                                .put("factor", 2)
                                .put("warp", 1),
                        "field 'rope_scaling.warp': is not known for this kind of scaling; expected [factor]"),
                spoiled(
                        c -> c.putObject("rope_scaling")
                                .put("type", "llama3")
                                .put("factor", 8)
                                .put("low_freq_factor", 4)
                                .put("high_freq_factor", 4)
                                .put("original_max_position_embeddings", 32),
                        "field 'rope_scaling.high_freq_factor': expected more than low_freq_factor, which is 4.0,"
                                + " found 4"),
                spoiled(
                        c -> c.putObject("rope_scaling")
                                .put("type", "longrope")
                                .put("original_max_position_embeddings", 32)
                                .putArray("short_factor")
                                .add(1),
                        "field 'rope_scaling.short_factor': expected a list of 2 numbers, has 1, found [1]"),
                spoiled(c -> c.put("rope_scaling", 2), "field 'rope_scaling': expected an object, found 2"));
    }

    private static Arguments spoiled(Consumer<ObjectNode> change, String message) {
        return arguments(message, Configs.llama(change));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("spoiledConfigurations")
    void aSpoiledConfigurationIsRefusedByFileAndField(String message, ObjectNode config) {
        var failure = assertThrows(UnavailableFailure.class, () -> Families.read("config.json", config));
        assertEquals("config.json: " + message, failure.getMessage());
    }

    @ParameterizedTest(name = "text {index}: {1}")
    @MethodSource("texts")
    void whatIsNoJsonObjectIsRefused(String text, String message, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("config.json"), text);
        var failure = assertThrows(UnavailableFailure.class, () -> Families.read(file));
        assertTrue(failure.getMessage().startsWith(file + ": " + message), failure.getMessage());
    }

    static Stream<Arguments> texts() {
        return Stream.of(
                arguments("", "expected a JSON object"),
                arguments("[1]", "expected a JSON object"),
                arguments("{\"a\": 1", "is no valid JSON: "),
                arguments("{\"a\": 1} x", "is no valid JSON: "),
                arguments("{\"a\": 1, \"a\": 2}", "is no valid JSON: Duplicate field 'a' (line 1, column "));
    }

    @Test
    void aMissingFileIsNamed(@TempDir Path folder) {
        Path file = folder.resolve("config.json");
        var failure = assertThrows(UnavailableFailure.class, () -> Families.read(file));
        assertEquals(file + ": there is no such file", failure.getMessage());
    }

    @Test
    void aMistralWithoutItsWindowFieldIsRefused() {
        ObjectNode config = Configs.llama(c -> {
            c.put("model_type", "mistral");
            c.remove("architectures");
        });
        var failure = assertThrows(UnavailableFailure.class, () -> Families.read("config.json", config));
        assertEquals(
                "config.json: field 'sliding_window': is missing; expected a whole number, or null for no window",
                failure.getMessage());
    }

    /** Any other exception than the user's failure is a finding. */
    @Test
    void noDamagedTextDoesMoreThanBeRefused(@TempDir Path folder) throws IOException {
        SplittableRandom random = new SplittableRandom(20261124);
        String text = Configs.llama(
                        c -> c.putObject("rope_scaling").put("type", "yarn").put("factor", 2))
                .toString();
        Path file = folder.resolve("config.json");
        for (int round = 0; round < 1000; round++) {
            StringBuilder damaged = new StringBuilder(text);
            for (int i = 0; i < 1 + random.nextInt(3); i++)
                damaged.setCharAt(random.nextInt(damaged.length()), (char) (32 + random.nextInt(95)));
            Files.writeString(file, damaged);
            try {
                assertTrue(Families.read(file).parameterCount() > 0);
            } catch (UnavailableFailure e) {
                assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
            }
        }
    }
}
