package dev.sinq4j.report.chart;

import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.chart.Figure.Panel;
import dev.sinq4j.report.chart.GroupedPoints.Spot;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics.Quantization;
import dev.sinq4j.results.Metrics.Throughput;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Time to quantize, and tokens per second of prefill and decode. */
final class CostFigures {

    private static final int WIDTH = 480;
    private static final int HEIGHT = 340;

    private CostFigures() {}

    static @Nullable Figure time(String name, List<CellResult> cells, SeriesLooks looks) {
        GroupedPoints points = new GroupedPoints(looks, cells, CostFigures::seconds);
        if (points.isEmpty()) return null;
        return new Figure(
                name,
                "Time to quantize the model",
                "Seconds for each method and bit width." + scale(points),
                looks.legend(points.series()),
                List.of(points.panel("", "seconds", 760, HEIGHT)),
                1);
    }

    private static @Nullable Spot seconds(CellResult cell) {
        Quantization quantization = cell.metrics().quantization();
        if (quantization == null || Cells.isDense(cell)) return null;
        return Spot.of(List.of(quantization.seconds()), "seconds");
    }

    static @Nullable Figure speed(String name, List<CellResult> cells, SeriesLooks looks) {
        List<CellResult> timed =
                cells.stream().filter(cell -> !batches(cell).isEmpty()).toList();
        List<Integer> batches = timed.stream()
                .flatMap(cell -> batches(cell).stream().map(Throughput::batch))
                .distinct()
                .sorted()
                .toList();
        List<GroupedPoints> points = new ArrayList<>();
        List<Panel> panels = new ArrayList<>();
        for (int batch : batches) {
            GroupedPoints prefill = new GroupedPoints(looks, timed, samples(batch, Throughput::prefillTokensPerSecond));
            GroupedPoints decode = new GroupedPoints(looks, timed, samples(batch, Throughput::decodeTokensPerSecond));
            if (prefill.isEmpty() || decode.isEmpty()) continue;
            String suffix = batches.size() > 1 ? ", batch " + batch : "";
            points.addAll(List.of(prefill, decode));
            panels.add(prefill.panel("prefill" + suffix, "tokens per second", WIDTH, HEIGHT));
            panels.add(decode.panel("decode" + suffix, "tokens per second", WIDTH, HEIGHT));
        }
        if (panels.isEmpty()) return null;
        return new Figure(
                name,
                "Speed of prefill and decode",
                (batches.equals(List.of(1)) ? "Tokens per second" : "Tokens per second of all sequences of a batch")
                        + ": a marker at the median of the repetitions, a line from the slowest to the fastest."
                        + scales(points),
                looks.legend(looks.namesOf(timed)),
                panels,
                2);
    }

    private static List<Throughput> batches(CellResult cell) {
        Throughput throughput = cell.metrics().throughput();
        return throughput == null ? List.of() : throughput.everyBatch();
    }

    private static Function<CellResult, @Nullable Spot> samples(int batch, Function<Throughput, List<Double>> kind) {
        return cell -> batches(cell).stream()
                .filter(throughput -> throughput.batch() == batch)
                .findFirst()
                .map(throughput -> Spot.of(kind.apply(throughput), "tokens per second"))
                .orElse(null);
    }

    private static String scales(List<GroupedPoints> points) {
        if (points.stream().map(GroupedPoints::isLogarithmic).distinct().count() == 1) return scale(points.getFirst());
        return " Scales are logarithmic where they do not begin at zero.";
    }

    private static String scale(GroupedPoints points) {
        return points.isLogarithmic() ? " Logarithmic scale." : " Scales begin at zero.";
    }
}
