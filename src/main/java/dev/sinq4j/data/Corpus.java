package dev.sinq4j.data;

import dev.sinq4j.failure.UsageFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A text to measure on: where its file is, how it holds documents, how they are joined.
 *
 * @param name       as results name it
 * @param textSha256 of the documents joined by the separator, UTF-8; absent where it is not known beforehand
 */
public record Corpus(
        String name,
        CorpusSource source,
        TextFormat format,
        DocumentJoin join,
        @Nullable String textSha256) {

    /** A plain text file, tokenized as it is. */
    public static Corpus text(String name, Path path) {
        return local(name, path, new TextFormat.Plain(), new DocumentJoin.Between(""));
    }

    /** The column of a Parquet file, rows joined by two newlines. */
    public static Corpus parquet(String name, Path path, String column) {
        return local(name, path, new TextFormat.Parquet(column), new DocumentJoin.Between("\n\n"));
    }

    /** The field of a file of JSON lines, documents joined by two newlines. */
    public static Corpus jsonLines(String name, Path path, String column) {
        return local(name, path, new TextFormat.JsonLines(column), new DocumentJoin.Between("\n\n"));
    }

    /** The same documents, joined in another way. */
    public Corpus joined(DocumentJoin other) {
        return new Corpus(name, source, format, other, null);
    }

    private static Corpus local(String name, Path path, TextFormat format, DocumentJoin join) {
        if (Files.isDirectory(path))
            throw new UsageFailure("dataset '" + name + "': " + path + " is a folder, not a file");
        return new Corpus(name, new CorpusSource.Local(path), format, join, null);
    }
}
