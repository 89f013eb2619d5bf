package dev.sinq4j.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sinq4j.testing.Shared;
import dev.sinq4j.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A tokenizer written to a GGUF file's metadata and made of it again gives the published ids, byte-level BPE and SentencePiece. */
class TokenizerRoundTripTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    static List<Path> tokenizers() throws IOException {
        try (Stream<Path> files = Files.list(Shared.path("data/tokenizers"))) {
            return files.filter(file -> file.toString().endsWith("_tokenizer.json"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tokenizers")
    void everyStringHasThePublishedIds(Path json) throws IOException {
        Tokenizer found = throughMetadata(json);
        String name = json.getFileName().toString().replaceAll("(_rebuilt)?_tokenizer.json", "");
        String[] texts = Files.readString(json.resolveSibling(name + ".inp")).split("\n__ggml_vocab_test__\n", -1);
        List<String> ids = Files.readAllLines(json.resolveSibling(name + ".out"));
        for (int i = 0; i < ids.size(); i++) {
            int[] expected = Arrays.stream(ids.get(i).strip().split("\\s+"))
                    .filter(word -> !word.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
            assertArrayEquals(expected, found.encodeOrdinary(texts[i]), "string " + i);
        }
        Tokenizer original = Tokenizer.openFile(json);
        assertArrayEquals(original.encode("Hello world"), found.encode("Hello world"));
        assertEquals(original.decode(original.encode(" a  b")), found.decode(original.encode(" a  b")));
    }

    private Tokenizer throughMetadata(Path json) throws IOException {
        GgufEntries entries = new GgufEntries().text("general.architecture", "llama");
        new TokenizerEntries(json.toString(), JSON.readTree(json.toFile()), MissingNode.getInstance()).add(entries, 0);
        Path file = folder.resolve("x.gguf");
        try (GgufWriter writer = GgufWriter.create(file, entries, List.of())) {
            writer.commit();
        }
        Path made = folder.resolve("tokenizer.json");
        try (GgufFile read = GgufFile.open(file)) {
            Files.writeString(
                    made, GgufTokenizer.of(new GgufMetadata(read)).tokenizer().toString());
        }
        return Tokenizer.openFile(made);
    }
}
