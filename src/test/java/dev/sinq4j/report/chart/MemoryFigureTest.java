package dev.sinq4j.report.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.report.chart.MemoryFigure.Level;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

class MemoryFigureTest {

    @Test
    void aPeakOfOneSampleAmongManyIsStillDrawn() {
        int samples = 100_000;
        double[] seconds =
                IntStream.range(0, samples).mapToDouble(i -> i / 100.0).toArray();
        long[] bytes = new long[samples];
        Arrays.fill(bytes, 500_000_000L);
        bytes[77_777] = 3_000_000_000L;
        XYSeries measured = chart(seconds, bytes, List.of()).getSeries("measured");
        assertEquals(500, measured.getYData().length);
        assertEquals(3.0, Arrays.stream(measured.getYData()).max().orElseThrow());
        assertEquals(2, Arrays.stream(measured.getYData()).distinct().count());
        int slice = IntStream.range(0, 500)
                .filter(i -> measured.getYData()[i] == 3.0)
                .findFirst()
                .orElseThrow();
        assertEquals(776.0, measured.getXData()[slice], "the slice that holds second 777.77");
    }

    @Test
    void fewSamplesAreDrawnAsTheyAreAndTheAxisHoldsEveryLevel() {
        XYChart chart = chart(
                new double[] {0, 1, 2},
                new long[] {100_000_000, 300_000_000, 200_000_000},
                List.of(new Level("the dense model", 16_000_000_000L)));
        assertEquals(
                "[0.1, 0.3, 0.2]", Arrays.toString(chart.getSeries("measured").getYData()));
        XYSeries level = chart.getSeries("the dense model");
        assertEquals("[0.0, 2.0]", Arrays.toString(level.getXData()));
        assertEquals("[16.0, 16.0]", Arrays.toString(level.getYData()));
        assertTrue(chart.getStyler().getYAxisMax() > 16);
        assertEquals(2.0, chart.getStyler().getXAxisMax());
    }

    @Test
    void oneSampleMakesAFigureWhoseNamesAreEscaped() throws IOException {
        Figure figure =
                MemoryFigure.of("Memory of <b>", new double[] {0}, new long[] {1}, List.of(new Level("a & b", 2)));
        String svg = FigureFiles.svg(figure);
        assertTrue(svg.contains("</svg"));
        assertFalse(svg.contains("<b>"), "markup in a model's name");
    }

    private static XYChart chart(double[] seconds, long[] bytes, List<Level> levels) {
        return (XYChart) MemoryFigure.of("Memory", seconds, bytes, levels)
                .panels()
                .getFirst()
                .chart();
    }
}
