package dev.sinq4j.report.chart;

import dev.sinq4j.report.cells.Numerals;
import dev.sinq4j.report.chart.Figure.Panel;
import dev.sinq4j.report.chart.Figure.Place;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics.Layer;
import dev.sinq4j.results.Metrics.Quantization;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;

/** Relative weight error of each layer and role, a panel a method, one scale for all panels of a bit width. */
final class HeatMapFigure {

    /** Layers up to which two panels stand side by side. */
    private static final int FEW_LAYERS = 12;

    private HeatMapFigure() {}

    static @Nullable Figure of(String name, int bits, List<CellResult> cells, SeriesLooks looks) {
        List<CellResult> shown = cells.stream()
                .filter(cell -> cell.bits() == bits && !layers(cell).isEmpty())
                .toList();
        if (shown.isEmpty()) return null;
        List<Integer> numbers =
                List.copyOf(new TreeSet<>(all(shown).map(Layer::layer).toList()));
        List<String> roles = roles(shown);
        Range range = Range.of(all(shown).mapToDouble(Layer::relativeError));
        boolean few = numbers.size() <= FEW_LAYERS;
        List<Panel> panels = shown.stream()
                .map(cell -> panel(looks.name(cell), layers(cell), numbers, roles, range, few))
                .toList();
        return new Figure(
                name,
                "Relative weight error of each layer, " + bits + " bits",
                "The more it stands out from the page, the larger; one scale for all panels. The values"
                        + " are in the table of every layer.",
                new Figure.Legend.Heat(
                        "relative weight error",
                        Numerals.significant(range.min(), 3),
                        Numerals.significant(range.max(), 3)),
                panels,
                few ? 2 : 1);
    }

    private static Stream<Layer> all(List<CellResult> cells) {
        return cells.stream().flatMap(cell -> layers(cell).stream());
    }

    /** From the bottom upwards in the order of the model, so that the first role stands on top. */
    private static List<String> roles(List<CellResult> cells) {
        Set<String> roles = new LinkedHashSet<>();
        all(cells).map(Layer::role).forEach(roles::add);
        return new ArrayList<>(roles).reversed();
    }

    private static Panel panel(
            String title, List<Layer> layers, List<Integer> numbers, List<String> roles, Range range, boolean few) {
        int width = few ? 480 : 960;
        int height = 96 + 26 * roles.size();
        HeatMapChart chart = new HeatMapChartBuilder()
                .width(width)
                .height(height)
                .xAxisTitle("layer")
                .yAxisTitle("role")
                .build();
        ChartStyle.apply(chart.getStyler());
        chart.addSeries("error", numbers, roles, fields(layers, numbers, roles));
        chart.getStyler()
                .setRangeColors(Palette.HEAT)
                .setMin(range.min())
                .setMax(range.max() > range.min() ? range.max() : range.min() + 1)
                .setShowValue(false)
                .setXAxisMaxLabelCount(Math.max(numbers.size(), roles.size())) // of both axes: every role is named
                .setXAxisTicksVisible(few)
                .setXAxisTitleVisible(few)
                .setPlotGridLinesVisible(false)
                .setPlotContentSize(1);
        return new Panel(title, chart, width, height, List.of(), few ? List.of() : places(numbers));
    }

    /** Every fourth layer, at the middle of its column; on its axis the chart spreads n columns over 0 to n - 1. */
    private static List<Place> places(List<Integer> numbers) {
        List<Place> places = new ArrayList<>();
        int columns = numbers.size();
        for (int i = 0; i < columns; i += 4) {
            places.add(new Place((i + 0.5) * (columns - 1) / columns, (i == 0 ? "layer " : "") + numbers.get(i)));
        }
        return places;
    }

    private static List<Number[]> fields(List<Layer> layers, List<Integer> numbers, List<String> roles) {
        List<Number[]> fields = new ArrayList<>();
        for (Layer layer : layers) {
            fields.add(
                    new Number[] {numbers.indexOf(layer.layer()), roles.indexOf(layer.role()), layer.relativeError()});
        }
        return fields;
    }

    static List<Layer> layers(CellResult cell) {
        Quantization quantization = cell.metrics().quantization();
        return quantization == null ? List.of() : quantization.perLayer();
    }
}
