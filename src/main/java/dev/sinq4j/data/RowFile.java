package dev.sinq4j.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.hub.FileSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file of rows with named fields: Parquet if its name says so, else JSON lines, gzip-compressed if the name ends in {@code .gz}.
 *
 * <p>Some sets of questions keep the answers apart, one a line, in a file named after theirs: beside {@code dev.jsonl} a file
 * {@code dev-labels.lst}. Each of its lines becomes its row's field of that name, in the singular.
 *
 * @param name   of the dataset, for messages and hashes
 * @param sha256 of the file
 * @param labels the answers kept apart
 */
public record RowFile(String name, Path path, String sha256, Optional<Labels> labels) {

    private static final String LABEL = "label";

    /** A file of answers. */
    public record Labels(Path path, String sha256) {}

    /**
     * Finds a file and checks it.
     *
     * @param files where files of the hub come from
     * @throws UnavailableFailure if the file is missing or is not the pinned one
     */
    public static RowFile locate(String name, CorpusSource source, FileSource files) {
        LocatedFile file = LocatedFile.of(name, source, files);
        return new RowFile(name, file.path(), file.sha256(), labels(name, file.path(), files));
    }

    private static Optional<Labels> labels(String name, Path path, FileSource files) {
        String stem = path.getFileName().toString().replaceFirst("\\.jsonl(\\.gz)?$", "");
        Path beside = path.resolveSibling(stem + "-labels.lst");
        if (!Files.isRegularFile(beside)) return Optional.empty();
        LocatedFile file = LocatedFile.of(name, new CorpusSource.Local(beside), files);
        return Optional.of(new Labels(file.path(), file.sha256()));
    }

    /** SHA-256 of every file, by the dataset's name. */
    public Map<String, String> hashes() {
        Map<String, String> hashes = new LinkedHashMap<>();
        hashes.put(name, sha256);
        labels.ifPresent(file -> hashes.put(name + " labels", file.sha256()));
        return hashes;
    }

    /**
     * All rows, in the file's order.
     *
     * @throws UnavailableFailure if the file is damaged, or there are not as many labels as rows
     */
    public List<JsonNode> rows() {
        List<JsonNode> rows =
                path.toString().endsWith(".parquet") ? ParquetRows.readAll(path) : JsonLines.readAll(path);
        if (labels.isEmpty()) return rows;
        List<String> lines = lines(labels.get().path());
        if (lines.size() != rows.size())
            throw new UnavailableFailure(labels.get().path() + " has " + lines.size() + " lines, but " + path + " has "
                    + rows.size() + " questions; one line each is expected");
        List<JsonNode> labelled = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) labelled.add(labelled(rows.get(i), lines.get(i)));
        return labelled;
    }

    private static JsonNode labelled(JsonNode row, String label) {
        @Nullable JsonNode own = row.get(LABEL);
        return own != null ? row : ((ObjectNode) row).put(LABEL, label.strip());
    }

    private static List<String> lines(Path path) {
        try {
            return Files.readAllLines(path).stream()
                    .filter(line -> !line.isBlank())
                    .toList();
        } catch (IOException e) {
            throw new UnavailableFailure(path + " cannot be read: " + e.getMessage(), e);
        }
    }
}
