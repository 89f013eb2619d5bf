package dev.sinq4j.data;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.hub.FileSource;
import dev.sinq4j.hub.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A corpus whose file is on this machine and is the one that was pinned.
 *
 * @param sha256 of the file's bytes
 */
public record CorpusFile(Corpus corpus, Path path, String sha256) {

    /**
     * @param files where files of the hub come from
     * @throws UnavailableFailure if the file is missing or is not the pinned one
     */
    public static CorpusFile locate(Corpus corpus, FileSource files) {
        return switch (corpus.source()) {
            case CorpusSource.Local(Path path) -> verified(corpus, path, null);
            case CorpusSource.OnHub hub ->
                verified(corpus, files.file(hub.repo(), hub.revision(), hub.file(), corpus.name()), hub.sha256());
        };
    }

    private static CorpusFile verified(Corpus corpus, Path path, @Nullable String expected) {
        if (!Files.isRegularFile(path))
            throw new UnavailableFailure("dataset '" + corpus.name() + "': there is no file " + path);
        String found = sha256(corpus, path);
        Path real = real(path);
        String pinned = expected == null ? nameIfHash(real) : expected;
        if (pinned != null && !pinned.equals(found))
            throw new UnavailableFailure("dataset '" + corpus.name() + "': " + real + " has SHA-256 " + found
                    + ", expected " + pinned + "; delete it and run ./sinq4j fetch " + corpus.name());
        return new CorpusFile(corpus, path, found);
    }

    /** Behind the links of the hub's cache: that is the file to delete. */
    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException deletedMeanwhile) {
            return path;
        }
    }

    /** The hub names large files by their SHA-256. */
    private static @Nullable String nameIfHash(Path file) {
        String name = file.getFileName().toString();
        return name.matches("[0-9a-f]{64}") ? name : null;
    }

    private static String sha256(Corpus corpus, Path path) {
        try {
            return Sha256.of(path);
        } catch (IOException e) {
            throw new UnavailableFailure(
                    "dataset '" + corpus.name() + "': " + path + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Hands over the documents one after the other.
     *
     * @throws UnavailableFailure if the file is damaged or has no such column
     */
    public void forEachDocument(Consumer<String> document) {
        switch (corpus.format()) {
            case TextFormat.Plain() -> document.accept(PlainText.read(path));
            case TextFormat.JsonLines(String column) -> JsonLines.forEachText(path, column, document);
            case TextFormat.Parquet(String column) -> ParquetColumn.forEachText(path, column, document);
        }
    }

    /**
     * The tokens of the whole corpus, by its join.
     *
     * @throws UnavailableFailure if the file is damaged, or its text is not the pinned one
     */
    public TokenizedText tokenize(TextEncoder encoder) {
        return switch (corpus.join()) {
            case DocumentJoin.Between(String separator) -> new TokenizedText(encoder.encode(joined(separator)));
            case DocumentJoin.Apart() -> apart(encoder);
            case DocumentJoin.Stretches stretches -> stretches(stretches, encoder);
        };
    }

    private String joined(String separator) {
        StringJoiner text = new StringJoiner(separator);
        forEachDocument(text::add);
        String joined = text.toString();
        requirePinnedText(joined);
        return joined;
    }

    private void requirePinnedText(String joined) {
        String expected = corpus.textSha256();
        if (expected == null) return;
        String found = Sha256.of(joined);
        if (!expected.equals(found))
            throw new UnavailableFailure("dataset '" + corpus.name() + "': the joined text of " + path + " has SHA-256 "
                    + found + ", expected " + expected);
    }

    private TokenizedText apart(TextEncoder encoder) {
        IntStream.Builder ids = IntStream.builder();
        forEachDocument(document -> append(encoder.encode(document), ids));
        return new TokenizedText(ids.build().toArray());
    }

    private TokenizedText stretches(DocumentJoin.Stretches stretches, TextEncoder encoder) {
        Map<Integer, int[]> needed = encodeNeeded(stretches, encoder);
        IntStream.Builder ids = IntStream.builder();
        for (DocumentJoin.Stretches.Position position : stretches.positions()) {
            int[] document = needed.get(position.document());
            if (document == null)
                throw new UnavailableFailure("dataset '" + corpus.name() + "': " + path + " has no document "
                        + position.document() + ", counted from 0");
            int from = Math.min(position.offset(), document.length);
            int to = Math.min(position.offset() + stretches.length(), document.length);
            append(Arrays.copyOfRange(document, from, to), ids);
        }
        return new TokenizedText(ids.build().toArray());
    }

    private Map<Integer, int[]> encodeNeeded(DocumentJoin.Stretches stretches, TextEncoder encoder) {
        Set<Integer> wanted = stretches.positions().stream()
                .map(DocumentJoin.Stretches.Position::document)
                .collect(Collectors.toSet());
        Map<Integer, int[]> encoded = new HashMap<>();
        int[] index = {0};
        forEachDocument(document -> {
            if (wanted.contains(index[0])) encoded.put(index[0], encoder.encode(document));
            index[0]++;
        });
        return encoded;
    }

    private static void append(int[] some, IntStream.Builder ids) {
        for (int id : some) ids.add(id);
    }
}
