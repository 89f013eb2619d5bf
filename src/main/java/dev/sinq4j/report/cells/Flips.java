package dev.sinq4j.report.cells;

import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics.Against;
import dev.sinq4j.results.Metrics.Task;
import dev.sinq4j.statistics.Interval;
import dev.sinq4j.statistics.McNemar;
import dev.sinq4j.statistics.Proportion;
import java.util.ArrayList;
import java.util.List;

/**
 * A cell's answers to a task compared with the dense model's.
 *
 * @param questions answered by both
 */
public record Flips(CellResult cell, TaskProtocol protocol, int questions, Against against) {

    private static final double LEVEL = 0.95;

    /** Those of some cells, task by task. */
    public static List<Flips> all(List<CellResult> cells) {
        List<Flips> found = new ArrayList<>();
        for (TaskProtocol protocol : TaskProtocol.all(cells)) {
            for (CellResult cell : cells) {
                Task task = protocol.in(cell);
                if (task != null && task.againstDense() != null && task.n() > 0)
                    found.add(new Flips(cell, protocol, task.n(), task.againstDense()));
            }
        }
        return found;
    }

    /** Share of questions answered otherwise. */
    public double share() {
        return new Proportion(against.changed(), questions).value();
    }

    /** Wilson's 95 % interval of the share. */
    public Interval interval() {
        return new Proportion(against.changed(), questions).wilson(LEVEL);
    }

    /** Probability of so uneven a split of gains and losses if both models are equally accurate. */
    public double mcNemar() {
        return McNemar.exact(against.gained(), against.lost());
    }
}
