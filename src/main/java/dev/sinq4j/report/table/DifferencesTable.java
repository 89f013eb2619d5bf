package dev.sinq4j.report.table;

import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Difference;
import dev.sinq4j.report.cells.Labels;
import dev.sinq4j.report.cells.Numerals;
import dev.sinq4j.report.table.Column.Spread.Between;
import dev.sinq4j.statistics.PairedDifference;
import java.util.List;

/** Differences of loss on the same windows, with their intervals. */
final class DifferencesTable {

    private DifferencesTable() {}

    static ReportTable of(Cells cells, Labels labels, List<Difference> differences) {
        TableBuilder<Difference> table =
                new TableBuilder<>("differences", "Paired differences on the same windows", differences);
        if (cells.models().size() > 1)
            table.text("model", "model", row -> row.first().model());
        else table.textData("model", row -> row.first().model());
        table.text("dataset", "text", row -> row.protocol().dataset());
        table.text("first", "first", row -> labels.full(row.first()));
        table.text("second", "second", row -> labels.full(row.second()));
        table.textData("first_cell", row -> row.first().cell());
        table.textData("second_cell", row -> row.second().cell());
        table.number(
                Column.number("loss_difference", "first − second (nats/token)", value -> Numerals.signed(value, 4))
                        .with(new Between("loss_difference_low", "loss_difference_high")),
                row -> row.loss().mean());
        table.numberData("loss_difference_low", row -> row.loss().interval().low());
        table.numberData("loss_difference_high", row -> row.loss().interval().high());
        table.number(
                Column.number("perplexity_change_percent", "perplexity (%)", value -> Numerals.signed(value, 2)),
                row -> 100 * row.perplexityChange());
        table.text("lower", "lower loss", row -> lower(row, labels));
        table.whole(
                Column.number("windows", "windows", value -> Numerals.fixed(value, 0)),
                row -> row.loss().size());
        table.note("Mean difference of the windows' losses, " + Numerals.fixed(100 * PairedDifference.LEVEL, 0)
                + " % percentile bootstrap interval of " + Numerals.grouped(PairedDifference.RESAMPLES)
                + " resamples of whole windows, seed " + Difference.SEED
                + "; open: the interval holds zero. Intervals are not widened for the number of comparisons.");
        return table.build(row ->
                row.first().model() + "\n" + row.protocol() + "\n" + row.first().bits());
    }

    private static String lower(Difference row, Labels labels) {
        if (!row.loss().isDecided()) return "open";
        return labels.full(row.loss().mean() < 0 ? row.first() : row.second());
    }
}
