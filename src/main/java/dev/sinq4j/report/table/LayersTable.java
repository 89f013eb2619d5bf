package dev.sinq4j.report.table;

import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Numerals;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics.Layer;
import dev.sinq4j.results.Metrics.Quantization;
import dev.sinq4j.statistics.Sample;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Weight errors by role, one row a cell; and every layer of every cell by itself. */
final class LayersTable {

    private LayersTable() {}

    private record LayerOf(CellResult cell, Layer layer) {}

    /** Mean relative error of each role's layers. */
    static ReportTable byRole(Cells cells) {
        List<CellResult> rows = cells.measured().stream()
                .filter(cell -> !layers(cell).isEmpty())
                .toList();
        Cells shown = new Cells(rows, List.of());
        TableBuilder<CellResult> table = new TableBuilder<>("weight-error", "Relative weight error by role", rows);
        CellColumns.identify(table, shown);
        for (String role : roles(rows)) {
            table.number(
                    Column.number("relative_error_" + role, role, value -> Numerals.fixed(value, 4)),
                    cell -> meanError(cell, role));
        }
        table.note("Frobenius norm of a layer's change over that of its weights, mean over the layers of a role.");
        return table.build(CellColumns::group);
    }

    /** One row a layer. */
    static ReportTable everyLayer(Cells cells) {
        List<LayerOf> rows = cells.measured().stream()
                .flatMap(cell -> layers(cell).stream().map(layer -> new LayerOf(cell, layer)))
                .toList();
        TableBuilder<LayerOf> table = new TableBuilder<>("layers", "Weight error of every layer", rows);
        table.textData("cell", row -> row.cell().cell());
        table.textData("model", row -> row.cell().model());
        table.text("method", "method", row -> row.cell().method());
        table.whole(
                Column.number("bits", "bits", value -> Numerals.fixed(value, 0)),
                row -> row.cell().bits());
        table.text("tensor", "tensor", row -> row.layer().tensor());
        table.wholeData("layer", row -> row.layer().layer());
        table.textData("role", row -> row.layer().role());
        table.whole(
                Column.number("rows", "rows", value -> Numerals.fixed(value, 0)),
                row -> row.layer().rows());
        table.whole(
                Column.number("columns", "columns", value -> Numerals.fixed(value, 0)),
                row -> row.layer().columns());
        table.number(
                Column.number("relative_error", "relative error", value -> Numerals.fixed(value, 4)),
                row -> row.layer().relativeError());
        table.number(
                Column.number("mse", "mean squared error", value -> Numerals.significant(value, 3)),
                row -> row.layer().mse());
        table.whole(
                Column.number("stored_bytes", "stored bytes", value -> Numerals.fixed(value, 0)),
                row -> row.layer().storedBytes());
        return table.build(row -> row.cell().cell());
    }

    private static Set<String> roles(List<CellResult> cells) {
        Set<String> roles = new LinkedHashSet<>();
        for (CellResult cell : cells) layers(cell).forEach(layer -> roles.add(layer.role()));
        return roles;
    }

    private static @Nullable Double meanError(CellResult cell, String role) {
        double[] errors = layers(cell).stream()
                .filter(layer -> layer.role().equals(role))
                .mapToDouble(Layer::relativeError)
                .toArray();
        return errors.length == 0 ? null : Sample.of(errors).mean();
    }

    private static List<Layer> layers(CellResult cell) {
        Quantization quantization = cell.metrics().quantization();
        return quantization == null ? List.of() : quantization.perLayer();
    }
}
