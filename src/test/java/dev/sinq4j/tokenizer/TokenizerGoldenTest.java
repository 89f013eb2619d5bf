package dev.sinq4j.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sinq4j.testing.Shared;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Ids and texts that transformers gave for the golden models. */
class TokenizerGoldenTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicContainer> goldenModelsTokenizeAsTransformersDoes() throws IOException {
        Path models = Shared.path("golden/models");
        Path folders = Shared.path("models");
        try (Stream<Path> list = Files.list(models)) {
            List<Path> goldens = list.filter(model -> Files.exists(model.resolve("golden.json"))
                            && Files.exists(folders.resolve(model.getFileName()).resolve("tokenizer.json")))
                    .sorted()
                    .toList();
            return goldens.stream().map(model -> model(model, folders.resolve(model.getFileName())));
        }
    }

    private static DynamicContainer model(Path golden, Path folder) {
        JsonNode expected = read(golden.resolve("golden.json")).path("tokenizer");
        Tokenizer tokenizer = Tokenizer.open(folder);
        DynamicTest size = dynamicTest(
                "vocabulary size",
                () -> assertEquals(expected.path("vocab_size").asInt(), tokenizer.vocabularySize()));
        Stream<DynamicTest> cases = nodes(expected.path("cases"))
                .map(text -> dynamicTest("'" + text.path("text").asText() + "'", () -> {
                    int[] ids = ids(text.path("ids"));
                    assertArrayEquals(ids, tokenizer.encode(text.path("text").asText()));
                    assertEquals(text.path("decoded_without_special").asText(), tokenizer.decodeText(ids));
                }));
        JsonNode chat = expected.path("chat");
        DynamicTest prompt = dynamicTest(
                "rendered chat",
                () -> assertArrayEquals(
                        ids(chat.path("ids")),
                        tokenizer.encodeOrdinary(chat.path("text").asText())));
        return dynamicContainer(folder.getFileName().toString(), Stream.concat(Stream.of(size, prompt), cases));
    }

    @TestFactory
    Stream<DynamicTest> theRealModelTokenizesAsTransformersDoes() {
        JsonNode golden = read(Shared.path("golden/smollm2/tokenizer.json"));
        Tokenizer tokenizer = Tokenizer.open(Shared.path("golden/smollm2/hf"));
        return nodes(golden.path("rows"))
                .map(row -> dynamicTest("'" + row.path("text").asText() + "'", () -> {
                    int[] ids = ids(row.path("ids"));
                    String text = row.path("text").asText();
                    assertArrayEquals(ids, tokenizer.encode(text));
                    assertArrayEquals(ids(row.path("ids_no_special")), tokenizer.encodeOrdinary(text));
                    assertEquals(row.path("decoded").asText(), tokenizer.decode(ids));
                    assertEquals(row.path("decoded_skip_special").asText(), tokenizer.decodeText(ids));
                }));
    }

    @Test
    void theRealModelsRolesComeFromTheFilesBesideTheTokenizer() {
        Tokenizer tokenizer = Tokenizer.open(Shared.path("golden/smollm2/hf"));
        assertEquals(1, tokenizer.bos().getAsInt());
        assertEquals(Set.of(2), tokenizer.eos());
        assertEquals(49152, tokenizer.vocabularySize());
        assertEquals(false, tokenizer.addsBos());
    }

    @Test
    void aSentencePieceModelWithoutTokenizerConfigHasItsBosFromTheModelsConfig() throws IOException {
        Path folder = Shared.path("data/models/stories260K");
        Tokenizer tokenizer = Tokenizer.open(folder);
        assertTrue(tokenizer.addsBos());
        assertEquals(1, tokenizer.bos().getAsInt());
        assertEquals(Set.of(2), tokenizer.eos());
        assertEquals(512, tokenizer.vocabularySize());
        int[] golden = ids(read(folder.resolve("golden.json")).path("input_ids"));
        assertArrayEquals(golden, tokenizer.encode(tokenizer.decodeText(golden)));
        String sample = Files.readString(folder.resolve("sample.txt"));
        assertEquals(sample, tokenizer.decodeText(tokenizer.encode(sample)));
    }

    @Test
    void aBookIsEncodedInSecondsAndComesBack() throws IOException {
        String text = Files.readString(Shared.path("data/text/wikitext2-raw-test.joined.txt"));
        Tokenizer tokenizer = Tokenizer.open(Shared.path("golden/smollm2/hf"));
        long start = System.nanoTime();
        int[] ids = tokenizer.encode(text);
        double seconds = (System.nanoTime() - start) / 1e9;
        assertEquals(text, tokenizer.decode(ids));
        assertTrue(seconds < 30, "took " + seconds + " s"); // about 1 s alone; the machine may be busy
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<JsonNode> nodes(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static int[] ids(JsonNode array) {
        return nodes(array).mapToInt(JsonNode::asInt).toArray();
    }
}
