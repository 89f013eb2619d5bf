package dev.sinq4j.report.chart;

import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.chart.GroupedPoints.Spot;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics.Quantization;
import dev.sinq4j.results.Metrics.Throughput;
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
        GroupedPoints prefill = new GroupedPoints(looks, cells, samples(Throughput::prefillTokensPerSecond));
        GroupedPoints decode = new GroupedPoints(looks, cells, samples(Throughput::decodeTokensPerSecond));
        if (prefill.isEmpty() || decode.isEmpty()) return null;
        return new Figure(
                name,
                "Speed of prefill and decode",
                "Tokens per second: a marker at the median of the repetitions, a line from the slowest to the fastest."
                        + scale(prefill),
                looks.legend(prefill.series()),
                List.of(
                        prefill.panel("prefill", "tokens per second", WIDTH, HEIGHT),
                        decode.panel("decode", "tokens per second", WIDTH, HEIGHT)),
                2);
    }

    private static Function<CellResult, @Nullable Spot> samples(Function<Throughput, List<Double>> kind) {
        return cell -> {
            Throughput throughput = cell.metrics().throughput();
            return throughput == null ? null : Spot.of(kind.apply(throughput), "tokens per second");
        };
    }

    private static String scale(GroupedPoints points) {
        return points.isLogarithmic() ? " Logarithmic scale." : " Scales begin at zero.";
    }
}
