package dev.sinq4j.report.chart;

import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Labels;
import dev.sinq4j.results.CellResult;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The series of a model's charts, one a method with its settings, each with one look in every figure. */
final class SeriesLooks {

    private final Labels labels;
    private final List<String> names;

    SeriesLooks(Cells cells, Labels labels) {
        this.labels = labels;
        this.names = cells.measured().stream()
                .filter(cell -> !Cells.isDense(cell))
                .map(labels::series)
                .distinct()
                .toList();
    }

    String name(CellResult cell) {
        return labels.series(cell);
    }

    Palette.Look of(String name) {
        int index = names.indexOf(name);
        return index < 0 ? Palette.dense() : Palette.series(index);
    }

    /** The series of some cells, the dense model's first. */
    List<String> namesOf(List<CellResult> cells) {
        List<String> found = new ArrayList<>(cells.stream()
                .filter(Cells::isDense)
                .map(labels::series)
                .distinct()
                .toList());
        List<String> present = cells.stream().map(labels::series).toList();
        names.stream().filter(present::contains).forEach(found::add);
        return found;
    }

    Figure.Legend legend(List<String> shown) {
        return new Figure.Legend.Series(shown, shown.stream().map(this::of).toList());
    }

    XYSeries addPoints(XYChart chart, String id, String name, double[] x, double[] y) {
        Palette.Look look = of(name);
        XYSeries series = chart.addSeries(id, x, y);
        series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        series.setMarker(look.marker());
        series.setMarkerColor(look.color());
        return series;
    }

    XYSeries addLine(XYChart chart, String id, String name, double[] x, double[] y, boolean markers) {
        Palette.Look look = of(name);
        XYSeries series = chart.addSeries(id, x, y);
        series.setLineColor(look.color());
        series.setLineStyle(look.stroke());
        series.setMarkerColor(look.color());
        series.setMarker(markers ? look.marker() : SeriesMarkers.NONE);
        return series;
    }
}
