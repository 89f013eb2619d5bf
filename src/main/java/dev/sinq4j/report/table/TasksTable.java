package dev.sinq4j.report.table;

import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Numerals;
import dev.sinq4j.report.cells.TaskProtocol;
import dev.sinq4j.report.table.Column.Spread.PlusMinus;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics.Task;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Accuracy of each cell on each task. Figures of different protocols stand in different columns. */
final class TasksTable {

    private final List<TaskProtocol> protocols;
    private final TableBuilder<CellResult> table;

    private TasksTable(Cells cells) {
        this.protocols = TaskProtocol.all(cells.measured());
        List<CellResult> asked = cells.measured().stream()
                .filter(cell -> cell.metrics().tasks() != null)
                .toList();
        this.table = new TableBuilder<>("tasks", "Accuracy on tasks", asked);
        CellColumns.identify(table, cells);
    }

    static ReportTable of(Cells cells) {
        return new TasksTable(cells).build();
    }

    private ReportTable build() {
        Headings names = new Headings(protocols.stream().map(TaskProtocol::task).toList());
        for (int i = 0; i < protocols.size(); i++) add(protocols.get(i), names.key(i), names.title(i));
        if (protocols.size() > 1)
            table.number(
                    Column.number("acc_mean", "mean (%)", value -> Numerals.fixed(value, 2))
                            .ranked(Better.HIGHER)
                            .with(new PlusMinus("acc_mean_stderr")),
                    this::mean);
        table.numberData("acc_mean_stderr", this::meanError);
        table.note("±: standard error over questions, of each figure by itself; for changes against the dense model see"
                + " the table of flips.");
        return table.build(CellColumns::group);
    }

    private void add(TaskProtocol protocol, String key, String title) {
        percent("acc_" + key, title + " acc (%)", of(protocol, Task::acc), of(protocol, Task::accStderr));
        percent(
                "acc_norm_" + key,
                title + " acc_norm (%)",
                of(protocol, Task::accNorm),
                of(protocol, Task::accNormStderr));
        String perplexity = "perplexity_" + key;
        table.number(
                Column.number(perplexity, title + " perplexity", Numerals::perplexity)
                        .ranked(Better.LOWER)
                        .with(new PlusMinus(perplexity + "_stderr")),
                of(protocol, Task::perplexity));
        table.numberData(perplexity + "_stderr", of(protocol, Task::perplexityStderr));
        table.note(title + ": " + protocol.describe() + ".");
    }

    private void percent(
            String key,
            String heading,
            Function<CellResult, @Nullable Double> share,
            Function<CellResult, @Nullable Double> stderr) {
        table.number(
                Column.number(key, heading, number -> Numerals.fixed(number, 2))
                        .ranked(Better.HIGHER)
                        .with(new PlusMinus(key + "_stderr")),
                cell -> hundredfold(share.apply(cell)));
        table.numberData(key + "_stderr", cell -> hundredfold(stderr.apply(cell)));
    }

    private static @Nullable Double hundredfold(@Nullable Double share) {
        return share == null ? null : 100 * share;
    }

    private static Function<CellResult, @Nullable Double> of(
            TaskProtocol protocol, Function<Task, @Nullable Double> value) {
        return cell -> {
            Task task = protocol.in(cell);
            return task == null ? null : value.apply(task);
        };
    }

    /** Of acc over the tasks, each counted once however many questions it has; absent where one is missing. */
    private @Nullable Double mean(CellResult cell) {
        List<Task> tasks = tasks(cell);
        if (tasks.size() < protocols.size()) return null;
        return 100 * tasks.stream().mapToDouble(Task::acc).average().orElseThrow();
    }

    /** Of that mean; the tasks' questions are independent. */
    private @Nullable Double meanError(CellResult cell) {
        List<Double> errors = tasks(cell).stream()
                .map(Task::accStderr)
                .filter(Objects::nonNull)
                .toList();
        if (errors.size() < protocols.size()) return null;
        double squares = errors.stream().mapToDouble(error -> error * error).sum();
        return 100 * Math.sqrt(squares) / errors.size();
    }

    private List<Task> tasks(CellResult cell) {
        return protocols.stream()
                .map(protocol -> protocol.in(cell))
                .filter(Objects::nonNull)
                .toList();
    }
}
