package dev.sinq4j.report.chart;

import dev.sinq4j.report.chart.Figure.Panel;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Memory over time while a model is quantized, and levels to hold it against. */
public final class MemoryFigure {

    private static final int WIDTH = 760;
    private static final int HEIGHT = 380;
    /** Points a line has: the largest of each slice of time is drawn. */
    private static final int SLICES = 500;

    private MemoryFigure() {}

    /**
     * A quantity to compare with.
     *
     * @param name  for the legend
     * @param bytes where its line is drawn
     */
    public record Level(String name, long bytes) {}

    /**
     * The figure.
     *
     * @param title   one line
     * @param seconds of each sample, ascending, at least one
     * @param bytes   resident then, without the pages of mapped files
     */
    public static Figure of(String title, double[] seconds, long[] bytes, List<Level> levels) {
        XYChart chart = ChartStyle.chart("seconds", "GB of memory, page cache left out", WIDTH, HEIGHT);
        List<String> names = new ArrayList<>();
        List<Palette.Look> looks = new ArrayList<>();
        Slices slices = Slices.of(seconds, bytes);
        add(chart, "measured", slices.seconds(), slices.gigabytes(), names, looks);
        double end = Math.max(seconds[seconds.length - 1], 1e-3);
        double most = slices.largest();
        for (Level level : levels) {
            double height = level.bytes() / 1e9;
            most = Math.max(most, height);
            add(chart, level.name(), new double[] {0, end}, new double[] {height, height}, names, looks);
        }
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(end).setYAxisMin(0.0).setYAxisMax(1.06 * most);
        return new Figure(
                "memory",
                title,
                "Resident memory of the process without the pages of mapped files, the largest of each slice of time.",
                new Figure.Legend.Series(names, looks),
                List.of(new Panel("", chart, WIDTH, HEIGHT, List.of(), List.of())),
                1);
    }

    private static void add(
            XYChart chart, String name, double[] x, double[] y, List<String> names, List<Palette.Look> looks) {
        Palette.Look look = Palette.series(names.size());
        names.add(name);
        looks.add(look);
        XYSeries series = chart.addSeries(name, x, y);
        series.setLineColor(look.color());
        series.setLineStyle(look.stroke());
        series.setMarker(SeriesMarkers.NONE);
    }

    /** Samples thinned out so that no peak is lost. */
    private record Slices(double[] seconds, double[] gigabytes, double largest) {

        static Slices of(double[] seconds, long[] bytes) {
            int slices = Math.min(SLICES, seconds.length);
            double[] x = new double[slices];
            double[] y = new double[slices];
            double largest = 0;
            for (int slice = 0; slice < slices; slice++) {
                int from = (int) ((long) slice * seconds.length / slices);
                int to = (int) ((long) (slice + 1) * seconds.length / slices);
                x[slice] = seconds[from];
                for (int i = from; i < to; i++) y[slice] = Math.max(y[slice], bytes[i] / 1e9);
                largest = Math.max(largest, y[slice]);
            }
            return new Slices(x, y, largest);
        }
    }
}
