package dev.sinq4j.data;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.hub.FileSource;
import dev.sinq4j.hub.Sha256;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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
        LocatedFile file = LocatedFile.of(corpus.name(), corpus.source(), files);
        return new CorpusFile(corpus, file.path(), file.sha256());
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
