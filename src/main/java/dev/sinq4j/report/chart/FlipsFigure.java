package dev.sinq4j.report.chart;

import dev.sinq4j.report.cells.Flips;
import dev.sinq4j.report.cells.Numerals;
import dev.sinq4j.report.cells.TaskProtocol;
import dev.sinq4j.report.chart.GroupedPoints.Spot;
import dev.sinq4j.results.CellResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Share of answers that quantizing changes, a panel a task, the methods of each bit width side by side. */
final class FlipsFigure {

    private static final int WIDTH = 480;
    private static final int HEIGHT = 300;

    private FlipsFigure() {}

    static @Nullable Figure of(String name, List<CellResult> cells, SeriesLooks looks) {
        Map<TaskProtocol, Map<CellResult, Flips>> byTask = new LinkedHashMap<>();
        for (Flips flips : Flips.all(cells))
            byTask.computeIfAbsent(flips.protocol(), task -> new LinkedHashMap<>())
                    .put(flips.cell(), flips);
        if (byTask.isEmpty()) return null;
        List<CellResult> shown = byTask.values().stream()
                .flatMap(flips -> flips.keySet().stream())
                .distinct()
                .toList();
        return new Figure(
                name,
                "Answers that change against the dense model",
                "Share of a task's questions answered otherwise than by the dense model: a marker at the share, a line"
                    + " over Wilson's 95 % interval. Lower is closer to the dense model. Scales begin at zero unless"
                    + " the spread calls for a logarithm.",
                looks.legend(looks.namesOf(shown)),
                byTask.entrySet().stream()
                        .map(task -> new GroupedPoints(
                                        looks,
                                        cells,
                                        cell -> spot(task.getValue().get(cell)))
                                .panel(task.getKey().task(), "changed answers (%)", WIDTH, HEIGHT))
                        .toList(),
                2);
    }

    private static @Nullable Spot spot(@Nullable Flips flips) {
        if (flips == null) return null;
        double low = 100 * flips.interval().low();
        double high = 100 * flips.interval().high();
        return new Spot(
                100 * flips.share(),
                low,
                high,
                Numerals.fixed(100 * flips.share(), 2) + " % of " + flips.questions() + " answers changed, "
                        + Numerals.fixed(low, 2) + " to " + Numerals.fixed(high, 2));
    }
}
