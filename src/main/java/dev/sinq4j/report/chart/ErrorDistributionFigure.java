package dev.sinq4j.report.chart;

import dev.sinq4j.report.chart.Figure.Panel;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics.Layer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;

/** How the layers' relative weight errors are distributed: the share of layers up to each error. */
final class ErrorDistributionFigure {

    private static final int WIDTH = 480;
    private static final int HEIGHT = 320;

    private ErrorDistributionFigure() {}

    static @Nullable Figure of(String name, List<CellResult> cells, SeriesLooks looks) {
        List<CellResult> shown = cells.stream()
                .filter(cell -> HeatMapFigure.layers(cell).size() > 1)
                .toList();
        if (shown.isEmpty()) return null;
        List<Integer> bits = shown.stream().map(CellResult::bits).distinct().toList();
        return new Figure(
                name,
                "Distribution of the layers' weight errors",
                "Share of the layers with at most that relative error; further left is a smaller error, which is not"
                        + " the same as a better model. Each panel has its own horizontal scale.",
                looks.legend(looks.namesOf(shown)),
                bits.stream()
                        .map(width -> panel(
                                width + " bits",
                                shown.stream()
                                        .filter(cell -> cell.bits() == width)
                                        .toList(),
                                looks))
                        .toList(),
                2);
    }

    private static Panel panel(String title, List<CellResult> cells, SeriesLooks looks) {
        XYChart chart = ChartStyle.chart("relative weight error", "share of layers (%)", WIDTH, HEIGHT);
        Range range = Range.of(cells.stream()
                        .flatMap(cell -> HeatMapFigure.layers(cell).stream())
                        .mapToDouble(Layer::relativeError))
                .padded(0.04);
        for (CellResult cell : cells) add(chart, cell, range, looks);
        chart.getStyler()
                .setXAxisMin(range.min())
                .setXAxisMax(range.max())
                .setYAxisMin(0.0)
                .setYAxisMax(103.0);
        return new Panel(title, chart, WIDTH, HEIGHT, List.of(), List.of());
    }

    /** Steps from 0 at the left edge, up by one layer at each error, to 100 at the right edge. */
    private static void add(XYChart chart, CellResult cell, Range range, SeriesLooks looks) {
        double[] errors = HeatMapFigure.layers(cell).stream()
                .mapToDouble(Layer::relativeError)
                .sorted()
                .toArray();
        double[] x = new double[errors.length + 2];
        double[] y = new double[errors.length + 2];
        x[0] = range.min();
        for (int i = 0; i < errors.length; i++) {
            x[i + 1] = errors[i];
            y[i + 1] = 100.0 * (i + 1) / errors.length;
        }
        x[errors.length + 1] = range.max();
        y[errors.length + 1] = 100;
        looks.addLine(chart, cell.cell(), looks.name(cell), x, y, false)
                .setXYSeriesRenderStyle(XYSeriesRenderStyle.Step);
    }
}
