package dev.sinq4j.report.cells;

import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.CellResult.Status;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The cells of a report: those measured and those that failed. Models stand in the order in which they first appear; within
 * a model the dense cell comes first, then more bits before fewer, then the order of the experiment.
 */
public record Cells(List<CellResult> measured, List<CellResult> failed) {

    public Cells {
        measured = List.copyOf(measured);
        failed = List.copyOf(failed);
    }

    /** Orders results; of several of one cell the first that is ok counts, else the last. */
    public static Cells of(List<CellResult> results) {
        Map<String, CellResult> once = new LinkedHashMap<>();
        for (CellResult result : results) {
            once.merge(result.cell(), result, (earlier, later) -> earlier.status() == Status.OK ? earlier : later);
        }
        List<String> models =
                once.values().stream().map(CellResult::model).distinct().toList();
        Comparator<CellResult> order = Comparator.comparingInt((CellResult cell) -> models.indexOf(cell.model()))
                .thenComparing(cell -> !isDense(cell))
                .thenComparing(CellResult::bits, Comparator.reverseOrder());
        List<CellResult> ordered = once.values().stream().sorted(order).toList();
        return new Cells(
                ordered.stream().filter(cell -> cell.status() == Status.OK).toList(),
                ordered.stream().filter(cell -> cell.status() == Status.FAILED).toList());
    }

    /** The models with something measured. */
    public List<String> models() {
        return measured.stream().map(CellResult::model).distinct().toList();
    }

    /** The measured cells of one model. */
    public List<CellResult> of(String model) {
        return measured.stream().filter(cell -> cell.model().equals(model)).toList();
    }

    /** Whether a cell is the unquantized model. */
    public static boolean isDense(CellResult cell) {
        // the same weights written otherwise, as pre-SINQ does, is what the model is compared with
        return cell.method().equals("none")
                && (cell.options() == null || !cell.options().containsKey("presinq"));
    }

    /** Whether a cell's weights are made up, good for speed and memory only. */
    public static boolean isSynthetic(CellResult cell) {
        return cell.model().startsWith("synthetic:");
    }
}
