package dev.sinq4j.report.table;

import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Labels;
import dev.sinq4j.report.cells.Numerals;
import dev.sinq4j.report.table.Column.Spread.Between;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics.Question;
import dev.sinq4j.results.Metrics.Task;
import dev.sinq4j.statistics.Interval;
import dev.sinq4j.statistics.McNemar;
import dev.sinq4j.statistics.Proportion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Answers to the same questions compared with the dense model's, question by question. */
final class FlipsTable {

    private FlipsTable() {}

    /**
     * @param questions answered by both
     * @param gained    right here, wrong for the dense model
     * @param lost      wrong here, right for the dense model
     */
    private record Flips(CellResult cell, String task, int questions, int gained, int lost) {

        Proportion share() {
            return new Proportion(gained + lost, questions);
        }

        Interval interval() {
            return share().wilson(0.95);
        }
    }

    static ReportTable of(Cells cells, Labels labels) {
        List<Flips> rows = new ArrayList<>();
        for (String model : cells.models()) addModel(rows, cells.of(model));
        TableBuilder<Flips> table = new TableBuilder<>("flips", "Answers that change against the dense model", rows);
        if (cells.models().size() > 1)
            table.text("model", "model", row -> row.cell().model());
        else table.textData("model", row -> row.cell().model());
        table.text("task", "task", Flips::task);
        table.text("cell", "cell", row -> labels.full(row.cell()));
        table.whole(Column.number("questions", "questions", value -> Numerals.fixed(value, 0)), Flips::questions);
        table.number(
                Column.number("flips_percent", "flips (%)", value -> Numerals.fixed(value, 2))
                        .ranked(Better.LOWER)
                        .with(new Between("flips_low_percent", "flips_high_percent")),
                row -> 100 * row.share().value());
        table.numberData("flips_low_percent", row -> 100 * row.interval().low());
        table.numberData("flips_high_percent", row -> 100 * row.interval().high());
        table.whole(Column.number("gained", "gained", value -> Numerals.fixed(value, 0)), Flips::gained);
        table.whole(Column.number("lost", "lost", value -> Numerals.fixed(value, 0)), Flips::lost);
        table.number(
                Column.number("mcnemar_p", "McNemar p", value -> Numerals.significant(value, 2)),
                row -> McNemar.exact(row.gained(), row.lost()));
        table.note("Flips: questions that one of this and the dense model answers right (by acc) and the other wrong,"
                + " with Wilson's 95 % interval; p: exact McNemar test, two-sided, of equal accuracy.");
        return table.build(row ->
                row.cell().model() + "\n" + row.task() + "\n" + row.cell().bits());
    }

    private static void addModel(List<Flips> rows, List<CellResult> cells) {
        cells.stream()
                .filter(Cells::isDense)
                .findFirst()
                .ifPresent(dense -> tasks(dense)
                        .forEach((task, answers) -> cells.stream()
                                .filter(cell -> !Cells.isDense(cell))
                                .forEach(cell -> add(rows, task, answers, cell))));
    }

    private static void add(List<Flips> rows, String task, Task dense, CellResult cell) {
        Task answers = tasks(cell).get(task);
        if (answers == null || answers.questions() == null || dense.questions() == null) return;
        Map<String, Boolean> before = new HashMap<>();
        for (Question question : dense.questions()) before.put(question.id(), isRight(question));
        int both = 0;
        int gained = 0;
        int lost = 0;
        for (Question question : answers.questions()) {
            Boolean wasRight = before.get(question.id());
            if (wasRight == null) continue;
            both++;
            if (isRight(question) && !wasRight) gained++;
            if (!isRight(question) && wasRight) lost++;
        }
        if (both > 0) rows.add(new Flips(cell, task, both, gained, lost));
    }

    private static boolean isRight(Question question) {
        return question.answer() == question.predicted();
    }

    private static Map<String, Task> tasks(CellResult cell) {
        Map<String, Task> tasks = cell.metrics().tasks();
        return tasks == null ? Map.of() : tasks;
    }
}
