package dev.sinq4j.results;

import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code results.jsonl} as it was found.
 *
 * @param cells     by hash, in order of first appearance
 * @param warnings  damaged lines
 * @param wholeSize bytes of whole lines
 * @param unended   whether the last whole line lacks its newline, as editors leave it
 * @param torn      the bytes after {@code wholeSize}: the beginning of a line whose writing was interrupted
 */
record ResultsFile(Map<String, CellResult> cells, List<String> warnings, long wholeSize, boolean unended, byte[] torn) {

    static final String NAME = "results.jsonl";

    /** Reads the file of a folder; a file that is not there is empty. */
    static ResultsFile read(Path folder) {
        Path file = folder.resolve(NAME);
        try {
            return parse(file, Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return parse(file, new byte[0]);
        } catch (IOException e) {
            throw new UnavailableFailure(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static ResultsFile parse(Path file, byte[] bytes) {
        int whole = lastNewline(bytes) + 1;
        Map<String, CellResult> cells = new LinkedHashMap<>();
        List<String> warnings = new ArrayList<>();
        List<String> lines =
                new String(bytes, 0, whole, StandardCharsets.UTF_8).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!line.isBlank()) add(cells, warnings, line, file + ":" + (i + 1));
        }
        byte[] rest = Arrays.copyOfRange(bytes, whole, bytes.length);
        if (!addUnended(cells, rest, file)) return new ResultsFile(cells, warnings, whole, false, rest);
        return new ResultsFile(cells, warnings, bytes.length, true, new byte[0]);
    }

    private static boolean addUnended(Map<String, CellResult> cells, byte[] rest, Path file) {
        if (rest.length == 0) return false;
        try {
            CellResult result = ResultLine.parse(new String(rest, StandardCharsets.UTF_8), file + ", last line");
            cells.merge(result.cell(), result, ResultsFile::better);
            return true;
        } catch (ResultLine.Damaged e) {
            return false;
        }
    }

    private static void add(Map<String, CellResult> cells, List<String> warnings, String line, String where) {
        try {
            CellResult result = ResultLine.parse(line, where);
            cells.merge(result.cell(), result, ResultsFile::better);
        } catch (ResultLine.Damaged e) {
            warnings.add(where + ": not a whole result, skipped: " + e.getMessage());
        }
    }

    /** Of two results of one cell, the first ok one, else the later. */
    static CellResult better(CellResult earlier, CellResult later) {
        return earlier.status() == CellResult.Status.OK ? earlier : later;
    }

    private static int lastNewline(byte[] bytes) {
        int i = bytes.length - 1;
        while (i >= 0 && bytes[i] != '\n') i--;
        return i;
    }
}
