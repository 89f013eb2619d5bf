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
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.XYChart;

/** Perplexity against bits per weight, a line a method, the dense model as a level. */
final class ParetoFigure {

    private static final int WIDTH = 760;
    private static final int HEIGHT = 430;

    private ParetoFigure() {}

    private record Spot(CellResult cell, double bits, double perplexity) {}

    /** Absent where fewer than two cells have both figures. */
    static @Nullable Figure of(String name, List<CellResult> cells, PerplexityProtocol protocol, SeriesLooks looks) {
        List<Spot> spots = cells.stream()
                .filter(cell -> !Cells.isDense(cell))
                .map(cell -> spot(cell, protocol))
                .filter(Objects::nonNull)
                .sorted(Comparator.comparingDouble(Spot::bits))
                .toList();
        if (spots.size() < 2) return null;
        Spot dense = cells.stream()
                .filter(Cells::isDense)
                .map(cell -> spot(cell, protocol))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        return figure(name, protocol.dataset(), spots, dense, looks);
    }

    private static @Nullable Spot spot(CellResult cell, PerplexityProtocol protocol) {
        Memory memory = cell.metrics().memory();
        Perplexity perplexity = protocol.in(cell);
        if (memory == null || perplexity == null || !Double.isFinite(perplexity.value())) return null;
        return new Spot(cell, memory.bitsPerWeight(), perplexity.value());
    }

    private static Figure figure(
            String name, String dataset, List<Spot> spots, @Nullable Spot dense, SeriesLooks looks) {
        XYChart chart =
                ChartStyle.chart("bits per weight, scales and zeros counted", "perplexity, " + dataset, WIDTH, HEIGHT);
        Range x = Range.of(spots.stream().mapToDouble(Spot::bits)).padded(0.06);
        List<Point> points = new ArrayList<>();
        List<CellResult> shown = new ArrayList<>(spots.stream().map(Spot::cell).toList());
        if (dense != null) {
            shown.add(dense.cell());
            looks.addLine(
                    chart,
                    "dense",
                    looks.name(dense.cell()),
                    new double[] {x.min(), x.max()},
                    new double[] {dense.perplexity(), dense.perplexity()},
                    false);
        }
        List<String> names = looks.namesOf(shown);
        for (String series : names) {
            List<Spot> own = spots.stream()
                    .filter(spot -> looks.name(spot.cell()).equals(series))
                    .toList();
            if (own.isEmpty()) continue;
            looks.addLine(
                    chart,
                    series,
                    series,
                    own.stream().mapToDouble(Spot::bits).toArray(),
                    own.stream().mapToDouble(Spot::perplexity).toArray(),
                    true);
            own.forEach(spot -> points.add(point(series, spot)));
        }
        boolean logarithmic = scale(chart, x, spots, dense);
        return new Figure(
                name,
                "Perplexity against bits per weight, " + dataset,
                "Lower and further left is better." + (dense == null ? "" : " Dashed level: the dense model.")
                        + (logarithmic ? " Logarithmic scale." : " The vertical scale does not begin at zero."),
                looks.legend(names),
                List.of(new Panel("", chart, WIDTH, HEIGHT, points, List.of())),
                1);
    }

    private static Point point(String series, Spot spot) {
        return new Point(
                spot.bits(),
                spot.perplexity(),
                series + ", " + spot.cell().bits() + " bits: " + Numerals.fixed(spot.bits(), 2)
                        + " bits per weight, perplexity " + Numerals.perplexity(spot.perplexity()));
    }

    private static boolean scale(XYChart chart, Range x, List<Spot> spots, @Nullable Spot dense) {
        List<Spot> all = new ArrayList<>(spots);
        if (dense != null) all.add(dense);
        Range y = Range.of(all.stream().mapToDouble(Spot::perplexity));
        boolean logarithmic = y.needsLogarithm(10);
        Range room = logarithmic ? new Range(y.min() / 1.2, y.max() * 1.2) : y.padded(0.06);
        chart.getStyler()
                .setXAxisMin(x.min())
                .setXAxisMax(x.max())
                .setYAxisMin(room.min())
                .setYAxisMax(room.max());
        chart.getStyler().setYAxisLogarithmic(logarithmic);
        return logarithmic;
    }
}
