package dev.sinq4j.report.table;

import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Difference;
import dev.sinq4j.report.cells.Labels;
import java.util.List;
import java.util.stream.Stream;

/** Every table of a report that has something to show. */
public final class Tables {

    private Tables() {}

    /** In the order of a report. */
    public static List<ReportTable> of(Cells cells, Labels labels, List<Difference> differences) {
        return Stream.of(
                        MainTable.of(cells),
                        DifferencesTable.of(cells, labels, differences),
                        TasksTable.of(cells),
                        PartsTable.of(cells),
                        FlipsTable.of(cells, labels),
                        CostTable.of(cells),
                        LayersTable.byRole(cells),
                        LayersTable.everyLayer(cells))
                .filter(table -> table.data().rowCount() > 0)
                .toList();
    }
}
