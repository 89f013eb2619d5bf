package dev.sinq4j.report.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.report.ResultCells;
import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Labels;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics;
import dev.sinq4j.results.Metrics.Against;
import dev.sinq4j.results.Metrics.Memory;
import dev.sinq4j.results.Metrics.Quantization;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FiguresTest {

    @Test
    void aLegendTooLongForItsFigureGoesOnInAnotherRow() {
        List<CellResult> cells = new ArrayList<>();
        for (int group = 1; group <= 20; group++) {
            cells.add(ResultCells.ok("m", "rtn-symmetric", 4, group, ResultCells.speed(8, 1.0, 2.0)));
        }
        Figure many = only(cells);
        Figure one = only(cells.subList(0, 1));
        assertEquals(1, FigurePainter.legendRows(one));
        assertTrue(FigurePainter.legendRows(many) >= 3);
        assertEquals(one.height() + Figure.LEGEND_ROW * (FigurePainter.legendRows(many) - 1), many.height());
    }

    private static Figure only(List<CellResult> results) {
        Cells cells = Cells.of(results);
        return Figures.of(cells, new Labels(cells)).getFirst();
    }

    @Test
    void speedsOfEveryNumberOfSequencesHaveTheirPanels() {
        Figure speed =
                only(List.of(ResultCells.ok("m", "none", 16, null, ResultCells.speeds(Map.of(1, 10.0, 4, 30.0)))));
        assertEquals(
                List.of("prefill, batch 1", "decode, batch 1", "prefill, batch 4", "decode, batch 4"),
                speed.panels().stream().map(Figure.Panel::title).toList());
    }

    @Test
    void looksOfManySeriesDiffer() {
        List<String> looks = IntStream.range(0, 40)
                .mapToObj(Palette::series)
                .map(look -> look.color() + " " + look.marker().getClass())
                .toList();
        assertEquals(40, looks.stream().distinct().count());
    }

    @Test
    void modelsAndTextsOfOneNameGetFilesOfTheirOwn() {
        Cells cells = Cells.of(List.of(
                ResultCells.ok("a/b", "none", 16, null, ResultCells.speed(8, 1.0)),
                ResultCells.ok("a-b", "none", 16, null, ResultCells.speed(8, 1.0))));
        assertEquals(
                List.of("speed-a-b", "speed-a-b-2"),
                Figures.of(cells, new Labels(cells)).stream().map(Figure::name).toList());
    }

    @Test
    void timeIsDrawnAgainstSizeWhereSeveralSizesWereTimed() {
        List<CellResult> small = List.of(timed("small", "rtn", 10_000_000, 1), timed("small", "sinq", 10_000_000, 2));
        List<CellResult> both = new ArrayList<>(small);
        both.add(timed("large", "sinq", 100_000_000, 25));
        assertFalse(names(small).contains("time-by-size"));
        assertTrue(names(both).contains("time-by-size"));
    }

    private static List<String> names(List<CellResult> results) {
        Cells cells = Cells.of(results);
        return Figures.of(cells, new Labels(cells)).stream().map(Figure::name).toList();
    }

    private static CellResult timed(String model, String method, long parameters, double seconds) {
        Quantization quantization = new Quantization(seconds, parameters, 1e-5, 0.1, null, null, List.of(), null);
        return ResultCells.ok(model, method, 4, 64, new Metrics(null, null, null, null, null, quantization));
    }

    @Test
    void perplexityIsDrawnAgainstMemoryWhereSeveralModelsWereMeasuredAlike() {
        List<CellResult> small =
                List.of(sized("small", "none", 16, 2_000_000, 2.0), sized("small", "sinq", 4, 600_000, 2.1));
        List<CellResult> both = new ArrayList<>(small);
        both.add(sized("large", "none", 16, 8_000_000, 1.5));
        assertFalse(names(small).contains("pareto-memory"));
        Cells cells = Cells.of(both);
        Figure memory = Figures.of(cells, new Labels(cells)).stream()
                .filter(figure -> figure.name().equals("pareto-memory"))
                .findFirst()
                .orElseThrow();
        assertEquals(
                List.of(
                        "none, small: 2.0 MB, perplexity 7.389",
                        "none, large: 8.0 MB, perplexity 4.482",
                        "sinq, 4 bits, small: 0.6 MB, perplexity 8.166"),
                memory.panels().getFirst().points().stream()
                        .map(Figure.Point::text)
                        .toList());
    }

    private static CellResult sized(String model, String method, int bits, long bytes, double loss) {
        Metrics perplexity = ResultCells.perplexity(512, loss, loss);
        Memory memory = new Memory(bytes, bytes, bytes * 8 / bits, bits, null, null, null, null, null);
        return ResultCells.ok(
                model,
                method,
                bits,
                bits == 16 ? null : 64,
                new Metrics(perplexity.perplexity(), null, null, memory, null, null));
    }

    @Test
    void aRangeOfOneValueStillHasRoom() {
        Range range = new Range(5, 5).padded(0.1);
        assertTrue(range.min() < 5 && range.max() > 5);
        assertTrue(new Range(1, 30).needsLogarithm(20));
        assertFalse(new Range(0, 30).needsLogarithm(20));
    }

    @Test
    void flipsHaveAPanelATaskWithTheirIntervals() {
        Figure flips = Figures.of(FLIPPED, new Labels(FLIPPED)).getFirst();
        assertEquals("flips", flips.name());
        assertEquals(1, flips.panels().size());
        assertEquals(
                "rtn, 4 bits: 50.00 % of 4 answers changed, 15.00 to 85.00",
                flips.panels().getFirst().points().getFirst().text());
    }

    private static final Cells FLIPPED = Cells.of(List.of(
            ResultCells.ok("m", "none", 16, null, ResultCells.fidelity(0, 1, true, true, false, false)),
            ResultCells.ok(
                    "m",
                    "rtn",
                    4,
                    64,
                    ResultCells.fidelity(0.02, 0.9, new Against(2, 1, 1), true, false, true, false))));

    /** WCAG 2.1 asks graphics for a contrast of 3 to 1 with their ground; what is left of a colour in grey is its luminance. */
    @Test
    void everyLookIsLegibleOnGreyPaper() {
        for (int series = 0; series < 7; series++) {
            double contrast = 1.05 / (luminance(Palette.series(series).color()) + 0.05);
            assertTrue(contrast >= 3, "series " + series + " has a contrast of " + contrast);
        }
        for (int first = 0; first < 6; first++)
            for (int second = 0; second < first; second++)
                assertNotEquals(
                        Palette.series(first).marker().getClass(),
                        Palette.series(second).marker().getClass(),
                        first + " and " + second + " differ in colour alone");
    }

    @Test
    void theHeatScaleOnlyGetsDarker() {
        double lighter = 2;
        for (int step = 0; step <= 100; step++) {
            double luminance = luminance(Palette.heat(step / 100.0));
            assertTrue(luminance <= lighter, "step " + step + " is lighter than the one before");
            lighter = luminance;
        }
        assertTrue(luminance(Palette.heat(0)) > 10 * luminance(Palette.heat(1)));
    }

    private static double luminance(Color color) {
        return 0.2126 * linear(color.getRed()) + 0.7152 * linear(color.getGreen()) + 0.0722 * linear(color.getBlue());
    }

    private static double linear(int channel) {
        double share = channel / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
    }
}
