package dev.sinq4j.report.chart;

import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Numerals;
import dev.sinq4j.report.chart.Figure.Panel;
import dev.sinq4j.report.chart.Figure.Point;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics.Quantization;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.XYChart;

/** Time to quantize against the size of the model, a line a method, a panel a bit width; both scales logarithmic. */
final class TimeBySizeFigure {

    private static final int WIDTH = 480;
    private static final int HEIGHT = 340;
    /** Room around the outermost points, as a factor. */
    private static final double ROOM = 1.25;

    private TimeBySizeFigure() {}

    private record Spot(CellResult cell, double millions, double seconds) {}

    /** Absent where fewer than two sizes were timed. */
    static @Nullable Figure of(String name, List<CellResult> cells, SeriesLooks looks) {
        List<Spot> spots = cells.stream()
                .filter(cell -> !Cells.isDense(cell))
                .map(TimeBySizeFigure::spot)
                .filter(Objects::nonNull)
                .sorted(Comparator.comparingDouble(Spot::millions))
                .toList();
        if (spots.stream().mapToDouble(Spot::millions).distinct().count() < 2) return null;
        List<Integer> bits =
                spots.stream().map(spot -> spot.cell().bits()).distinct().toList();
        return new Figure(
                name,
                "Time to quantize against size",
                "Seconds by the parameters that were quantized, each method and model timed once. Both scales are"
                        + " logarithmic.",
                looks.legend(looks.namesOf(spots.stream().map(Spot::cell).toList())),
                bits.stream()
                        .map(width -> panel(
                                width + " bits",
                                spots.stream()
                                        .filter(spot -> spot.cell().bits() == width)
                                        .toList(),
                                looks))
                        .toList(),
                2);
    }

    private static @Nullable Spot spot(CellResult cell) {
        Quantization found = cell.metrics().quantization();
        if (found == null || found.parameters() <= 0 || found.seconds() <= 0) return null;
        return new Spot(cell, found.parameters() / 1e6, found.seconds());
    }

    private static Panel panel(String title, List<Spot> spots, SeriesLooks looks) {
        XYChart chart = ChartStyle.chart("quantized parameters (millions)", "seconds", WIDTH, HEIGHT);
        List<Point> points = new ArrayList<>();
        for (String series : looks.namesOf(spots.stream().map(Spot::cell).toList())) {
            List<Spot> own = spots.stream()
                    .filter(spot -> looks.name(spot.cell()).equals(series))
                    .toList();
            looks.addLine(
                    chart,
                    series,
                    series,
                    own.stream().mapToDouble(Spot::millions).toArray(),
                    own.stream().mapToDouble(Spot::seconds).toArray(),
                    true);
            own.forEach(spot -> points.add(new Point(spot.millions(), spot.seconds(), text(series, spot))));
        }
        Range x = Range.of(spots.stream().mapToDouble(Spot::millions));
        Range y = Range.of(spots.stream().mapToDouble(Spot::seconds));
        chart.getStyler()
                .setXAxisMin(x.min() / ROOM)
                .setXAxisMax(x.max() * ROOM)
                .setYAxisMin(y.min() / ROOM)
                .setYAxisMax(y.max() * ROOM);
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        return new Panel(title, chart, WIDTH, HEIGHT, points, List.of());
    }

    private static String text(String series, Spot spot) {
        return series + ", " + spot.cell().model() + ": " + Numerals.significant(spot.millions(), 3)
                + " million parameters, " + Numerals.significant(spot.seconds(), 3) + " s";
    }
}
