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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

/** A quantity for each bit width, the methods side by side: a marker at the value, a line over its spread. */
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
    private final Map<CellResult, Spot> spots = new LinkedHashMap<>();

    /**
     * Where a cell is marked.
     *
     * @param words what a reader who asks is told
     */
    record Spot(double value, double low, double high, String words) {

        /** The median of samples and their range; null of none. */
        static @Nullable Spot of(List<Double> samples, String unit) {
            if (samples.isEmpty()) return null;
            Sample sample = Sample.of(samples);
            return new Spot(
                    sample.median(),
                    sample.min(),
                    sample.max(),
                    "median " + Numerals.significant(sample.median(), 4) + " " + unit + " of " + sample.size() + ", "
                            + Numerals.significant(sample.min(), 4) + " to "
                            + Numerals.significant(sample.max(), 4));
        }
    }

    /** @param spot null where a cell has not measured the quantity */
    GroupedPoints(SeriesLooks looks, List<CellResult> cells, Function<CellResult, @Nullable Spot> spot) {
        this.looks = looks;
        for (CellResult cell : cells) {
            Spot found = spot.apply(cell);
            if (found != null) spots.put(cell, found);
        }
        this.cells = List.copyOf(spots.keySet());
        this.groups = this.cells.stream()
                .map(CellResult::bits)
                .distinct()
                .sorted(Comparator.reverseOrder())
                .toList();
        this.series = looks.namesOf(this.cells);
    }

    List<String> series() {
        return series;
    }

    boolean isEmpty() {
        return cells.isEmpty();
    }

    /** Whether the scale is logarithmic. */
    boolean isLogarithmic() {
        return Range.of(spots.values().stream().mapToDouble(Spot::value)).needsLogarithm(LOGARITHMIC)
                && range().min() > 0;
    }

    private Range range() {
        return Range.of(spots.values().stream().flatMapToDouble(spot -> DoubleStream.of(spot.low(), spot.high())));
    }

    Panel panel(String title, String unit, int width, int height) {
        XYChart chart = ChartStyle.chart("", unit, width, height);
        List<Point> points = new ArrayList<>();
        spots.forEach((cell, spot) -> add(chart, points, cell, spot));
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

    private void add(XYChart chart, List<Point> points, CellResult cell, Spot spot) {
        String name = looks.name(cell);
        double x = groups.indexOf(cell.bits()) + offset(cell);
        if (spot.low() < spot.high()) {
            XYSeries line = looks.addLine(
                    chart,
                    cell.cell() + " range",
                    name,
                    new double[] {x, x},
                    new double[] {spot.low(), spot.high()},
                    false);
            line.setLineStyle(SOLID);
        }
        looks.addPoints(chart, cell.cell(), name, new double[] {x}, new double[] {spot.value()});
        points.add(new Point(
                x,
                spot.value(),
                name + (Cells.isDense(cell) ? "" : ", " + cell.bits() + " bits") + ": " + spot.words()));
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
