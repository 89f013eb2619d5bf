package dev.sinq4j.report.page;

import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Labels;
import dev.sinq4j.report.table.ReportTable;
import dev.sinq4j.results.CellResult;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything the page shows.
 *
 * @param conclusions    sentences with their intervals
 * @param facts          how the results came about
 * @param configurations resolved configurations, as YAML
 */
public record Page(
        String title,
        String summary,
        List<String> conclusions,
        List<ReportTable> tables,
        List<PageFigure> figures,
        List<Failed> failed,
        List<String> warnings,
        List<Fact> facts,
        List<String> configurations) {

    /** A cell that failed, and the message its user saw. */
    public record Failed(String model, String label, String error) {}

    /** A name and every value it had. */
    public record Fact(String name, List<String> values) {}

    public static Page of(
            Cells cells,
            Labels labels,
            List<String> conclusions,
            List<ReportTable> tables,
            List<PageFigure> figures,
            List<String> warnings,
            List<String> configurations) {
        List<CellResult> all = Stream.concat(cells.measured().stream(), cells.failed().stream())
                .toList();
        String title = all.stream().map(CellResult::experiment).distinct().collect(Collectors.joining(", "));
        List<Failed> failed = cells.failed().stream()
                .map(cell -> new Failed(cell.model(), labels.full(cell), error(cell)))
                .toList();
        return new Page(
                title, summary(cells), conclusions, tables, figures, failed, warnings, Facts.of(all), configurations);
    }

    private static String error(CellResult cell) {
        String error = cell.error();
        return error == null ? "no message was stored" : error;
    }

    private static String summary(Cells cells) {
        return cells.measured().size() + (cells.measured().size() == 1 ? " cell" : " cells") + " measured"
                + (cells.failed().isEmpty() ? "" : ", " + cells.failed().size() + " failed") + "; "
                + String.join(", ", cells.models());
    }
}
