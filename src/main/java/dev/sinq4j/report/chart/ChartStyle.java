package dev.sinq4j.report.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;

/** What all charts have in common: white paper, one font, a quiet grid, no legend of their own. */
final class ChartStyle {

    private static final String DECIMALS = "0.######";

    private ChartStyle() {}

    /** An empty chart with titles on its axes. */
    static XYChart chart(String x, String y, int width, int height) {
        XYChart chart = new XYChartBuilder()
                .width(width)
                .height(height)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        apply(chart.getStyler());
        chart.getStyler().setMarkerSize(9);
        return chart;
    }

    static void apply(AxesChartStyler style) {
        style.setAxisTitleFont(ChartFont.size(13f))
                .setAxisTickLabelsFont(ChartFont.size(12f))
                .setAxisTickLabelsColor(Palette.INK)
                .setAxisTickMarksColor(Palette.INK)
                .setPlotGridLinesColor(Palette.GRID)
                .setPlotGridLinesStroke(new BasicStroke(0.8f))
                .setXAxisTickMarkSpacingHint(70)
                .setYAxisTickMarkSpacingHint(44)
                .setXAxisDecimalPattern(DECIMALS)
                .setYAxisDecimalPattern(DECIMALS)
                .setYAxisLabelAlignment(TextAlignment.Right);
        style.setBaseFont(ChartFont.size(12f))
                .setChartTitleVisible(false)
                .setChartFontColor(Palette.INK)
                .setChartBackgroundColor(Color.WHITE)
                .setPlotBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false)
                .setLegendVisible(false)
                .setChartPadding(12)
                .setLocale(Locale.ROOT);
    }
}
