package dev.sinq4j.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sinq4j.testing.Shared;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Real tokenizers on awkward strings, against llama.cpp's vectors. */
class TokenizerVectorsTest {

    @TestFactory
    Stream<DynamicContainer> everyStringHasThePublishedIdsAndComesBack() throws IOException {
        Path folder = Shared.path("data/tokenizers");
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> inputs =
                    files.filter(f -> f.toString().endsWith(".inp")).sorted().toList();
            return inputs.stream().map(TokenizerVectorsTest::strings);
        }
    }

    private static DynamicContainer strings(Path input) {
        String name = input.getFileName().toString().replace(".inp", "");
        try {
            Path json = tokenizerFile(input.getParent(), name);
            Tokenizer tokenizer = Tokenizer.openFile(json);
            UnaryOperator<String> normalize = Files.readString(json).contains("\"NFC\"")
                    ? text -> Normalizer.normalize(text, Normalizer.Form.NFC)
                    : UnaryOperator.identity();
            String[] texts = Files.readString(input).split("\n__ggml_vocab_test__\n", -1);
            List<String> ids = Files.readAllLines(input.resolveSibling(name + ".out"));
            return dynamicContainer(
                    name,
                    IntStream.range(0, ids.size())
                            .mapToObj(i -> string(i, tokenizer, texts[i], numbers(ids.get(i)), normalize)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DynamicTest string(
            int number, Tokenizer tokenizer, String text, int[] ids, UnaryOperator<String> normalize) {
        return dynamicTest("string " + number, () -> {
            assertArrayEquals(ids, tokenizer.encodeOrdinary(text));
            assertEquals(normalize.apply(text), tokenizer.decode(ids));
            assertEquals(normalize.apply(text), streamed(tokenizer, ids));
        });
    }

    private static String streamed(Tokenizer tokenizer, int[] ids) {
        StreamingDecoder decoder = tokenizer.streamingDecoder();
        StringBuilder text = new StringBuilder();
        for (int id : ids) text.append(decoder.add(id));
        return text.append(decoder.finish()).toString();
    }

    private static Path tokenizerFile(Path folder, String name) {
        Path published = folder.resolve(name + "_tokenizer.json");
        return Files.exists(published) ? published : folder.resolve(name + "_rebuilt_tokenizer.json");
    }

    private static int[] numbers(String line) {
        return Arrays.stream(line.strip().split("\\s+"))
                .filter(word -> !word.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
    }
}
