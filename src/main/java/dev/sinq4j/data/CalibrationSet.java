package dev.sinq4j.data;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.hub.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Texts whose activations a method looks at, and how they are cut: each is tokenized by itself, too long ones are left out, the
 * others concatenated and cut into blocks; the tail is dropped.
 *
 * @param name        as results name it
 * @param texts       in order
 * @param longestText texts of more tokens are left out
 * @param blocks      at most so many blocks, from the start
 */
public record CalibrationSet(String name, List<String> texts, int longestText, int blocks) {

    /** Tokens of a block in the reference. */
    public static final int BLOCK_TOKENS = 128;

    /** Blocks of one whole text: 2048 tokens. */
    public static final int TEXT_BLOCKS = 16;

    private static final String BUNDLED = "calibration.txt";

    public CalibrationSet {
        texts = List.copyOf(texts);
    }

    /** The text that comes with the program: prose, dialogue, lists, numbers and code, written for it. */
    public static CalibrationSet bundled() {
        try (InputStream text = CalibrationSet.class.getResourceAsStream(BUNDLED)) {
            if (text == null) throw new AssertionError(BUNDLED + " is not among the program's resources");
            return ofText("bundled", new String(text.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A text file of the user's.
     *
     * @throws UnavailableFailure if there is no such file or it is not UTF-8
     */
    public static CalibrationSet file(Path path) {
        if (!Files.isRegularFile(path)) throw new UnavailableFailure("calibration: there is no file " + path);
        return ofText(path.getFileName().toString(), PlainText.read(path));
    }

    private static CalibrationSet ofText(String name, String text) {
        return new CalibrationSet(name, List.of(text), Integer.MAX_VALUE, TEXT_BLOCKS);
    }

    /** SHA-256 of the texts joined by newlines. */
    public String sha256() {
        return Sha256.of(String.join("\n", texts));
    }

    /**
     * @param blockTokens tokens of a block
     * @return at least one block of {@code blockTokens} ids
     * @throws UsageFailure if the texts do not fill one block
     */
    public List<int[]> cut(TextEncoder encoder, int blockTokens) {
        if (blockTokens < 1) throw new UsageFailure("calibration: tokens: " + blockTokens + " is not 1 or more");
        List<int[]> encoded = texts.stream().map(encoder::encode).toList();
        int[] ids = encoded.stream()
                .filter(text -> text.length <= longestText)
                .flatMapToInt(Arrays::stream)
                .toArray();
        int count = Math.min(blocks, ids.length / blockTokens);
        if (count == 0) throw tooShort(encoded, blockTokens);
        List<int[]> cut = new ArrayList<>(count);
        for (int block = 0; block < count; block++)
            cut.add(Arrays.copyOfRange(ids, block * blockTokens, (block + 1) * blockTokens));
        return cut;
    }

    private UsageFailure tooShort(List<int[]> encoded, int blockTokens) {
        String lengths =
                encoded.stream().map(text -> String.valueOf(text.length)).collect(Collectors.joining(", "));
        boolean tooLong = encoded.stream().anyMatch(text -> text.length > longestText);
        String rule = tooLong ? ", and texts of more than " + longestText + " are left out" : "";
        return new UsageFailure("calibration text '" + name + "' has " + lengths + " tokens under this tokenizer" + rule
                + ": not one block of " + blockTokens + "; give another text, such as the bundled one");
    }
}
