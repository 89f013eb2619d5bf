package dev.sinq4j.report.table;

import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Flips;
import dev.sinq4j.report.cells.Labels;
import dev.sinq4j.report.cells.Numerals;
import dev.sinq4j.report.cells.TaskProtocol;
import dev.sinq4j.report.table.Column.Spread.Between;
import java.util.ArrayList;
import java.util.List;

/** Answers to the same questions compared with the dense model's, question by question. */
final class FlipsTable {

    private FlipsTable() {}

    static ReportTable of(Cells cells, Labels labels) {
        List<Flips> rows = new ArrayList<>();
        for (String model : cells.models()) rows.addAll(Flips.all(cells.of(model)));
        List<TaskProtocol> protocols = TaskProtocol.all(cells.measured());
        Headings names = new Headings(protocols.stream().map(TaskProtocol::task).toList());
        TableBuilder<Flips> table = new TableBuilder<>("flips", "Answers that change against the dense model", rows);
        if (cells.models().size() > 1)
            table.text("model", "model", row -> row.cell().model());
        else table.textData("model", row -> row.cell().model());
        table.text("task", "task", row -> names.title(protocols.indexOf(row.protocol())));
        table.text("label", "cell", row -> labels.full(row.cell()));
        table.textData("cell", row -> row.cell().cell());
        table.whole(Column.number("questions", "questions", value -> Numerals.fixed(value, 0)), Flips::questions);
        table.number(
                Column.number("flips_percent", "flips (%)", value -> Numerals.fixed(value, 2))
                        .ranked(Better.LOWER)
                        .with(new Between("flips_low_percent", "flips_high_percent")),
                row -> 100 * row.share());
        table.numberData("flips_low_percent", row -> 100 * row.interval().low());
        table.numberData("flips_high_percent", row -> 100 * row.interval().high());
        table.whole(
                Column.number("gained", "gained", value -> Numerals.fixed(value, 0)),
                row -> row.against().gained());
        table.whole(
                Column.number("lost", "lost", value -> Numerals.fixed(value, 0)),
                row -> row.against().lost());
        table.number(Column.number("mcnemar_p", "McNemar p", value -> Numerals.significant(value, 2)), Flips::mcNemar);
        table.note("Flips: questions answered otherwise than by the dense model (by acc's answers), with Wilson's 95 %"
                + " interval; gained: right here, wrong there; lost: the reverse; p: exact McNemar test, two-sided, of"
                + " equal accuracy.");
        return table.build(row ->
                row.cell().model() + "\n" + row.protocol() + "\n" + row.cell().bits());
    }
}
