package dev.sinq4j.report.cells;

import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a task was asked, as far as two figures have to agree to stand in one column.
 *
 * @param sha256 of the questions
 */
public record TaskProtocol(
        String task,
        int questions,
        int shots,
        boolean bos,
        @Nullable String sha256) {

    /** The protocols of some cells, by the tasks' names. */
    public static List<TaskProtocol> all(List<CellResult> cells) {
        Set<TaskProtocol> found = new LinkedHashSet<>();
        for (CellResult cell : cells) {
            Map<String, Task> measured = cell.metrics().tasks();
            if (measured != null) measured.forEach((name, task) -> found.add(of(cell, name, task)));
        }
        List<TaskProtocol> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparing(TaskProtocol::task));
        return sorted;
    }

    private static TaskProtocol of(CellResult cell, String name, Task task) {
        Map<String, String> hashes = cell.provenance().datasetSha256();
        return new TaskProtocol(name, task.n(), task.shots(), task.bos(), hashes == null ? null : hashes.get(name));
    }

    /** What a cell measured by this protocol; absent if nothing. */
    public @Nullable Task in(CellResult cell) {
        Map<String, Task> measured = cell.metrics().tasks();
        Task found = measured == null ? null : measured.get(task);
        return found != null && of(cell, task, found).equals(this) ? found : null;
    }

    /** The protocol in words. */
    public String describe() {
        return Numerals.grouped(questions) + " questions, " + (shots == 0 ? "no" : shots) + " examples in front"
                + (bos ? ", special tokens in front" : "")
                + (sha256 == null ? "" : ", data SHA-256 " + sha256.substring(0, Math.min(12, sha256.length())));
    }
}
