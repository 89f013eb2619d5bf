package dev.sinq4j.report.chart;

import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Numerals;
import dev.sinq4j.report.cells.PerplexityProtocol;
import dev.sinq4j.report.chart.Figure.Panel;
import dev.sinq4j.report.chart.Figure.Point;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics.Memory;
import dev.sinq4j.results.Metrics.Perplexity;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.XYChart;

/** Perplexity against the memory of the whole model's weights, over models of several sizes: what to buy for a number of bytes. */
final class MemoryParetoFigure {

    private static final int WIDTH = 760;
    private static final int HEIGHT = 430;
    private static final double GIGA = 1e9;
    private static final double MEGA = 1e6;
    /** Room around the outermost points of a logarithmic scale, as a factor. */
    private static final double ROOM = 1.25;

    private MemoryParetoFigure() {}

    private record Spot(CellResult cell, double bytes, double perplexity) {}

    /** Absent where fewer than two models have both figures by that protocol. */
    static @Nullable Figure of(String name, List<CellResult> cells, PerplexityProtocol protocol, SeriesLooks looks) {
        List<Spot> spots = cells.stream()
                .map(cell -> spot(cell, protocol))
                .filter(Objects::nonNull)
                .toList();
        if (spots.stream().map(spot -> spot.cell().model()).distinct().count() < 2) return null;
        List<String> series = looks.namesOf(spots.stream().map(Spot::cell).toList());
        double unit = spots.stream().mapToDouble(Spot::bytes).max().orElse(0) < GIGA ? MEGA : GIGA;
        XYChart chart = ChartStyle.chart(
                "weights of the whole model (" + (unit == GIGA ? "GB" : "MB") + ")",
                "perplexity, " + protocol.dataset(),
                WIDTH,
                HEIGHT);
        List<Point> points = new ArrayList<>();
        for (String each : series) {
            List<Spot> own = spots.stream()
                    .filter(spot -> looks.name(spot.cell()).equals(each))
                    .toList();
            double[] x = own.stream().mapToDouble(spot -> spot.bytes() / unit).toArray();
            looks.addPoints(
                    chart,
                    each,
                    each,
                    x,
                    own.stream().mapToDouble(Spot::perplexity).toArray());
            for (int i = 0; i < x.length; i++) points.add(point(each, own.get(i), x[i]));
        }
        boolean logarithmic = scale(chart, points);
        return new Figure(
                name,
                "Perplexity against memory, " + protocol.dataset(),
                "A marker a model, method and bit width; lower and further left is better. Perplexities of models with"
                        + " different tokenizers do not compare. The scale of memory is logarithmic"
                        + (logarithmic ? ", that of perplexity, too." : "; that of perplexity does not begin at zero."),
                looks.legend(series),
                List.of(new Panel("", chart, WIDTH, HEIGHT, points, List.of())),
                1);
    }

    private static @Nullable Spot spot(CellResult cell, PerplexityProtocol protocol) {
        Memory memory = cell.metrics().memory();
        Perplexity perplexity = protocol.in(cell);
        if (memory == null || perplexity == null || !Double.isFinite(perplexity.value())) return null;
        return new Spot(cell, memory.weightBytes(), perplexity.value());
    }

    private static Point point(String series, Spot spot, double x) {
        String bits = Cells.isDense(spot.cell()) ? "" : ", " + spot.cell().bits() + " bits";
        return new Point(
                x,
                spot.perplexity(),
                series + bits + ", " + spot.cell().model() + ": " + Numerals.fixed(spot.bytes() / MEGA, 1)
                        + " MB, perplexity " + Numerals.perplexity(spot.perplexity()));
    }

    private static boolean scale(XYChart chart, List<Point> points) {
        Range x = Range.of(points.stream().mapToDouble(Point::x));
        Range y = Range.of(points.stream().mapToDouble(Point::y));
        boolean logarithmic = y.needsLogarithm(10);
        Range room = logarithmic ? new Range(y.min() / ROOM, y.max() * ROOM) : y.padded(0.06);
        chart.getStyler()
                .setXAxisMin(x.min() / ROOM)
                .setXAxisMax(x.max() * ROOM)
                .setYAxisMin(room.min())
                .setYAxisMax(room.max());
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(logarithmic);
        return logarithmic;
    }
}
