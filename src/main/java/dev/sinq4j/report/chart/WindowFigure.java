package dev.sinq4j.report.chart;

import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Numerals;
import dev.sinq4j.report.cells.PerplexityProtocol;
import dev.sinq4j.report.chart.Figure.Panel;
import dev.sinq4j.report.chart.Figure.Point;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics.Perplexity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.XYChart;

/** What quantizing does to each window of a text: its loss's change against the dense model's loss of the same window. */
final class WindowFigure {

    private static final int WIDTH = 480;
    private static final int HEIGHT = 340;

    private WindowFigure() {}

    static @Nullable Figure of(String name, List<CellResult> cells, PerplexityProtocol protocol, SeriesLooks looks) {
        Perplexity dense = cells.stream()
                .filter(Cells::isDense)
                .map(protocol::in)
                .filter(found -> found != null && found.windowNll().size() > 1)
                .findFirst()
                .orElse(null);
        if (dense == null) return null;
        List<CellResult> shown = cells.stream()
                .filter(cell -> !Cells.isDense(cell) && comparable(protocol.in(cell), dense))
                .toList();
        if (shown.isEmpty()) return null;
        List<Integer> bits = shown.stream().map(CellResult::bits).distinct().toList();
        return new Figure(
                name,
                "Change of each window's loss, " + protocol.dataset(),
                "A marker a window of the text: the dense model's loss, and how much quantizing adds. Above the dashed"
                        + " level the quantized model is worse. Each panel has its own vertical scale.",
                looks.legend(looks.namesOf(shown)),
                bits.stream()
                        .map(width -> panel(
                                width + " bits",
                                shown.stream()
                                        .filter(cell -> cell.bits() == width)
                                        .toList(),
                                protocol,
                                dense.windowNll(),
                                looks))
                        .toList(),
                2);
    }

    private static boolean comparable(@Nullable Perplexity of, Perplexity dense) {
        return of != null && of.windowNll().size() == dense.windowNll().size();
    }

    private static Panel panel(
            String title, List<CellResult> cells, PerplexityProtocol protocol, List<Double> dense, SeriesLooks looks) {
        XYChart chart =
                ChartStyle.chart("loss of the dense model (nats per token)", "change (nats per token)", WIDTH, HEIGHT);
        chart.getStyler().setMarkerSize(6);
        double[] x = dense.stream().mapToDouble(Double::doubleValue).toArray();
        Range wide = Range.of(Arrays.stream(x)).padded(0.04);
        List<Point> points = new ArrayList<>();
        looks.addLine(chart, "level", "level", new double[] {wide.min(), wide.max()}, new double[] {0, 0}, false);
        Range high = new Range(0, 0);
        for (CellResult cell : cells) {
            double[] y = changes(protocol.in(cell), x);
            String name = looks.name(cell);
            looks.addPoints(chart, cell.cell(), name, x, y);
            Range own = Range.of(Arrays.stream(y));
            high = new Range(Math.min(high.min(), own.min()), Math.max(high.max(), own.max()));
            for (int i = 0; i < x.length; i++) points.add(new Point(x[i], y[i], text(name, i, x[i], y[i])));
        }
        Range room = high.padded(0.06);
        chart.getStyler()
                .setXAxisMin(wide.min())
                .setXAxisMax(wide.max())
                .setYAxisMin(room.min())
                .setYAxisMax(room.max());
        return new Panel(title, chart, WIDTH, HEIGHT, points, List.of());
    }

    private static String text(String name, int window, double x, double y) {
        return name + ", window " + window + ": dense " + Numerals.fixed(x, 4) + ", change " + Numerals.signed(y, 4);
    }

    private static double[] changes(@Nullable Perplexity perplexity, double[] dense) {
        double[] changes = new double[dense.length];
        if (perplexity == null) return changes;
        for (int i = 0; i < dense.length; i++)
            changes[i] = perplexity.windowNll().get(i) - dense[i];
        return changes;
    }
}
