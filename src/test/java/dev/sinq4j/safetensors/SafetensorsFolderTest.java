package dev.sinq4j.safetensors;

import static dev.sinq4j.safetensors.HandMade.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsFolderTest {

    private static final String INDEX = "model.safetensors.index.json";

    @TempDir
    private Path folder;

    @BeforeEach
    void twoShards() {
        shard("1.safetensors", "{" + entry("a", "U8", "[2]", 0, 2) + "," + entry("b", "U8", "[1]", 2, 3) + "}", 3);
        shard("2.safetensors", "{" + entry("c", "U8", "[4]", 0, 4) + "}", 4);
    }

    @Test
    void findsTensorsInTheirShards() {
        index("{\"metadata\":{\"total_size\":7},\"weight_map\":{\"c\":\"2.safetensors\",\"a\":\"1.safetensors\","
                + "\"b\":\"1.safetensors\"}}");
        try (var weights = SafetensorsFolder.open(folder)) {
            assertEquals(List.of("c", "a", "b"), List.copyOf(weights.names()));
            assertEquals(List.of(4L), weights.tensor("c").shape());
            assertTrue(weights.has("b"));
            assertFalse(weights.has("d"));
            assertEquals(
                    List.of(folder.resolve(INDEX), folder.resolve("2.safetensors"), folder.resolve("1.safetensors")),
                    weights.files());
        }
    }

    @Test
    void aTotalSizePythonWroteAsAFloatCounts() {
        index("{\"metadata\":{\"total_size\":4.0},\"weight_map\":{\"c\":\"2.safetensors\"}}");
        try (var weights = SafetensorsFolder.open(folder)) {
            assertTrue(weights.has("c"));
        }
    }

    @Test
    void anIndexWithoutMetadataIsEnough() {
        index("{\"weight_map\":{\"c\":\"2.safetensors\"}}");
        try (var weights = SafetensorsFolder.open(folder)) {
            assertTrue(weights.has("c"));
        }
    }

    @Test
    void aSingleFileWinsOverAnIndex() {
        index("{\"weight_map\":{\"c\":\"2.safetensors\"}}");
        shard("model.safetensors", "{" + entry("single", "U8", "[1]", 0, 1) + "}", 1);
        try (var weights = SafetensorsFolder.open(folder)) {
            assertEquals(List.of("single"), List.copyOf(weights.names()));
            assertEquals(List.of(folder.resolve("model.safetensors")), weights.files());
        }
    }

    @Test
    void namesTheTensorThatIsMissing() {
        index("{\"weight_map\":{\"c\":\"2.safetensors\"}}");
        try (var weights = SafetensorsFolder.open(folder)) {
            var failure = assertThrows(UnavailableFailure.class, () -> weights.tensor("lm_head.weight"));
            assertEquals(folder + ": the weights hold no tensor 'lm_head.weight'", failure.getMessage());
        }
    }

    @Test
    void saysWhatItLookedForInAFolderWithoutWeights(@TempDir Path empty) {
        var failure = assertThrows(UnavailableFailure.class, () -> SafetensorsFolder.open(empty));
        assertEquals(
                empty + ": neither model.safetensors nor model.safetensors.index.json is there", failure.getMessage());
    }

    @Test
    void picklesAreNotReadAndTheFailureSaysWhy(@TempDir Path pickled) throws IOException {
        Files.write(pickled.resolve("pytorch_model-00001-of-00002.bin"), new byte[] {(byte) 0x80, 2, '.'});
        Files.write(pickled.resolve("pytorch_model-00002-of-00002.bin"), new byte[] {(byte) 0x80, 2, '.'});
        var failure = assertThrows(UnavailableFailure.class, () -> SafetensorsFolder.open(pickled));
        assertEquals(
                pickled + ": neither model.safetensors nor model.safetensors.index.json is there;"
                        + " pytorch_model-00001-of-00002.bin is not read, since loading such a file runs whatever code"
                        + " is in it: take the model's safetensors, or convert it where you trust it",
                failure.getMessage());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("contradictions")
    void anIndexAndShardsThatDisagreeAreRefused(String kind, String index, String message) {
        shard("twice.safetensors", "{" + entry("c", "U8", "[4]", 0, 4) + "}", 4);
        index(index);
        var failure = assertThrows(UnavailableFailure.class, () -> SafetensorsFolder.open(folder));
        assertEquals(message, failure.getMessage().replace(folder.toString(), "FOLDER"));
    }

    static Stream<Arguments> contradictions() {
        return Stream.of(
                arguments(
                        "missing shard",
                        "{\"weight_map\":{\"d\":\"3.safetensors\"}}",
                        INDEX + ": the shard '3.safetensors' is not in FOLDER; fetch the model again"),
                arguments(
                        "tensor missing from its shard",
                        "{\"weight_map\":{\"c\":\"2.safetensors\",\"d\":\"2.safetensors\"}}",
                        "2.safetensors: tensor 'd' is not there, though " + INDEX + " lists it there"),
                arguments(
                        "the same tensor in two shards",
                        "{\"weight_map\":{\"c\":\"2.safetensors\",\"d\":\"twice.safetensors\"}}",
                        "twice.safetensors: tensor 'c' is in 2.safetensors too"),
                arguments(
                        "a tensor no index lists",
                        "{\"weight_map\":{\"a\":\"1.safetensors\"}}",
                        "1.safetensors: tensor 'b' is not listed in " + INDEX),
                arguments(
                        "an absolute path",
                        "{\"weight_map\":{\"c\":\"/etc/passwd\"}}",
                        INDEX + ": tensor 'c': the shard '/etc/passwd' is no path inside the model's folder"),
                arguments(
                        "a path that climbs",
                        "{\"weight_map\":{\"c\":\"x/../../2.safetensors\"}}",
                        INDEX + ": tensor 'c': the shard 'x/../../2.safetensors' is no path inside the model's folder"),
                arguments(
                        "a total size that disagrees",
                        "{\"metadata\":{\"total_size\":8},\"weight_map\":{\"c\":\"2.safetensors\"}}",
                        INDEX + ": total_size is 8 but the tensors take 4 bytes"),
                arguments(
                        "a total size with a fraction",
                        "{\"metadata\":{\"total_size\":4.5},\"weight_map\":{\"c\":\"2.safetensors\"}}",
                        INDEX + ": metadata: total_size is not a whole number: 4.5"),
                arguments("no weight_map", "{\"metadata\":{}}", INDEX + ": no weight_map"),
                arguments(
                        "a tensor listed twice",
                        "{\"weight_map\":{\"c\":\"2.safetensors\",\"c\":\"1.safetensors\"}}",
                        INDEX + ": weight_map has tensor 'c' twice"),
                arguments(
                        "a shard that is no text",
                        "{\"weight_map\":{\"c\":2}}",
                        INDEX + ": weight_map: 'c' is not a string: 2"));
    }

    private void index(String json) {
        HandMade.write(folder.resolve(INDEX), json.getBytes(StandardCharsets.UTF_8));
    }

    private void shard(String name, String header, int bytes) {
        HandMade.write(folder.resolve(name), HandMade.file(header, bytes));
    }
}
