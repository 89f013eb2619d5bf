package dev.sinq4j.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sinq4j.testing.Shared;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/**
 * A checkpoint the reference wrote, with what it is known to give.
 *
 * @param path     the folder that holds {@code checkpoint}, {@code golden.json} and {@code golden.safetensors}
 * @param settings golden.json
 */
record GoldenCheckpoint(Path path, JsonNode settings) {

    static GoldenCheckpoint read(Path path) {
        try {
            return new GoldenCheckpoint(
                    path, new JsonMapper().readTree(path.resolve("golden.json").toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One test a folder found. */
    static Stream<DynamicNode> tests(CheckpointTest test) throws IOException {
        try (Stream<Path> folders = Files.list(Shared.path("golden/checkpoints"))) {
            List<Path> found = folders.filter(path -> Files.isRegularFile(path.resolve("golden.json")))
                    .sorted()
                    .toList();
            if (found.isEmpty()) throw new AssertionError("golden/checkpoints holds no checkpoint");
            return found.stream()
                    .map(path ->
                            DynamicTest.dynamicTest(String.valueOf(path.getFileName()), () -> test.run(read(path))));
        }
    }

    Path checkpoint() {
        return path.resolve("checkpoint");
    }

    Path numbers() {
        return path.resolve("golden.safetensors");
    }

    String text(String field) {
        return settings.get(field).asText();
    }

    int number(String field) {
        return settings.get(field).asInt();
    }

    /** The dense model it was made from; where it is absent, the calling test is skipped. */
    Path model() {
        return Shared.path("models/" + text("model"));
    }

    /** A test on one checkpoint. */
    interface CheckpointTest {
        void run(GoldenCheckpoint golden) throws Exception;
    }
}
