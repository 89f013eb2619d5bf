package dev.sinq4j.report.chart;

import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Numerals;
import dev.sinq4j.report.chart.Figure.Panel;
import dev.sinq4j.report.chart.Figure.Place;
import dev.sinq4j.report.chart.Figure.Point;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.statistics.Sample;
import java.awt.BasicStroke;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

/** Samples of a quantity for each bit width, the methods side by side: a marker at the median, a line from least to most. */
final class GroupedPoints {

    /** Share of a group's width over which its methods are spread. */
    private static final double SPREAD = 0.64;

    /** Ratio of largest to smallest from which the scale becomes logarithmic. */
    private static final double LOGARITHMIC = 20;

    private static final BasicStroke SOLID = new BasicStroke(1.6f);

    private final SeriesLooks looks;
    private final List<CellResult> cells;
    private final List<Integer> groups;
    private final List<String> series;
    private final Function<CellResult, List<Double>> samples;

    /** @param samples none where a cell has not measured the quantity */
    GroupedPoints(SeriesLooks looks, List<CellResult> cells, Function<CellResult, List<Double>> samples) {
        this.looks = looks;
        this.cells =
                cells.stream().filter(cell -> !samples.apply(cell).isEmpty()).toList();
        this.groups = this.cells.stream()
                .map(CellResult::bits)
                .distinct()
                .sorted(Comparator.reverseOrder())
                .toList();
        this.series = looks.namesOf(this.cells);
        this.samples = samples;
    }

    List<String> series() {
        return series;
    }

    boolean isEmpty() {
        return cells.isEmpty();
    }

    /** Whether the scale is logarithmic. */
    boolean isLogarithmic() {
        return range().needsLogarithm(LOGARITHMIC);
    }

    private Range range() {
        return Range.of(cells.stream().flatMapToDouble(this::values));
    }

    private DoubleStream values(CellResult cell) {
        return samples.apply(cell).stream().mapToDouble(Double::doubleValue);
    }

    Panel panel(String title, String unit, int width, int height) {
        XYChart chart = ChartStyle.chart("", unit, width, height);
        List<Point> points = new ArrayList<>();
        for (CellResult cell : cells) add(chart, points, cell, unit);
        chart.getStyler()
                .setXAxisMin(-0.5)
                .setXAxisMax(groups.size() - 0.5)
                .setPlotGridVerticalLinesVisible(false)
                .setXAxisTicksVisible(false)
                .setXAxisTitleVisible(false);
        Range range = range();
        boolean logarithmic = isLogarithmic();
        chart.getStyler()
                .setYAxisMin(logarithmic ? range.min() / 1.5 : 0)
                .setYAxisMax(logarithmic ? range.max() * 1.5 : range.max() * 1.08)
                .setYAxisLogarithmic(logarithmic);
        return new Panel(title, chart, width, height, points, places());
    }

    private void add(XYChart chart, List<Point> points, CellResult cell, String unit) {
        String name = looks.name(cell);
        Sample sample = Sample.of(samples.apply(cell));
        double x = groups.indexOf(cell.bits()) + offset(cell);
        if (sample.size() > 1) {
            XYSeries line = looks.addLine(
                    chart,
                    cell.cell() + " range",
                    name,
                    new double[] {x, x},
                    new double[] {sample.min(), sample.max()},
                    false);
            line.setLineStyle(SOLID);
        }
        looks.addPoints(chart, cell.cell(), name, new double[] {x}, new double[] {sample.median()});
        points.add(new Point(
                x,
                sample.median(),
                name + (Cells.isDense(cell) ? "" : ", " + cell.bits() + " bits") + ": median "
                        + Numerals.significant(sample.median(), 4) + " " + unit + " of " + sample.size() + ", "
                        + Numerals.significant(sample.min(), 4) + " to " + Numerals.significant(sample.max(), 4)));
    }

    /** Methods of one group stand side by side; a method alone in its group stands in the middle. */
    private double offset(CellResult cell) {
        List<String> inGroup = series.stream()
                .filter(name -> cells.stream()
                        .anyMatch(other ->
                                other.bits() == cell.bits() && looks.name(other).equals(name)))
                .toList();
        int place = inGroup.indexOf(looks.name(cell));
        return inGroup.size() == 1 ? 0 : SPREAD * (place / (inGroup.size() - 1.0) - 0.5);
    }

    private List<Place> places() {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) places.add(new Place(i, groups.get(i) + " bits"));
        return places;
    }
}
