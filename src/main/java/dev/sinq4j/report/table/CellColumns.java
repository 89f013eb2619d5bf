package dev.sinq4j.report.table;

import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Labels;
import dev.sinq4j.report.cells.Numerals;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Provenance;
import java.util.Objects;

/** The columns that say which cell a row is, alike in every table with one row a cell. */
final class CellColumns {

    private CellColumns() {}

    static void identify(TableBuilder<CellResult> table, Cells cells) {
        table.textData("cell", CellResult::cell);
        table.textData("experiment", CellResult::experiment);
        if (cells.models().size() > 1) table.text("model", "model", CellColumns::model);
        else table.textData("model", CellColumns::model);
        table.text("method", "method", CellResult::method);
        table.whole(Column.number("bits", "bits", value -> Numerals.fixed(value, 0)), CellResult::bits);
        table.whole(Column.number("group", "group", value -> Numerals.fixed(value, 0)), CellResult::group);
        table.text("tiling", "tiling", CellResult::tiling);
        table.text("aux", "aux", CellResult::aux);
        boolean told = cells.measured().stream()
                .anyMatch(cell -> cells.measured().stream().anyMatch(other -> differsByOptions(cell, other)));
        if (told) table.text("options", "options", Labels::options);
        else table.textData("options", Labels::options);
        if (cells.measured().stream().anyMatch(Cells::isSynthetic)) {
            table.note("†: made-up weights in the shapes of a configuration, for speed and memory only.");
        }
    }

    private static boolean differsByOptions(CellResult cell, CellResult other) {
        return cell.method().equals(other.method())
                && cell.model().equals(other.model())
                && cell.bits() == other.bits()
                && !Objects.equals(cell.options(), other.options());
    }

    private static String model(CellResult cell) {
        return Cells.isSynthetic(cell) ? cell.model() + " †" : cell.model();
    }

    /** Rows of one model and bit width compete. */
    static String group(CellResult cell) {
        return cell.model() + "\n" + (Cells.isDense(cell) ? "dense" : cell.bits());
    }

    static void noteDevices(TableBuilder<CellResult> table, Cells cells) {
        for (CellResult cell : cells.measured()) table.note("Measured on: " + device(cell.provenance()) + ".");
    }

    /** The machine as far as figures of speed depend on it. */
    static String device(Provenance provenance) {
        return provenance.backend() + ", " + provenance.device()
                + (provenance.kernels() == null ? "" : ", kernels " + provenance.kernels()) + ", "
                + provenance.threads()
                + (provenance.threads() == 1 ? " thread" : " threads") + ", JDK " + provenance.jdk();
    }
}
