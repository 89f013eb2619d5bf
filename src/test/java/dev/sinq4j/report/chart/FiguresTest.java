package dev.sinq4j.report.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.report.ResultCells;
import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Labels;
import dev.sinq4j.results.CellResult;
import java.util.ArrayList;
import java.util.List;
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
    void aRangeOfOneValueStillHasRoom() {
        Range range = new Range(5, 5).padded(0.1);
        assertTrue(range.min() < 5 && range.max() > 5);
        assertTrue(new Range(1, 30).needsLogarithm(20));
        assertFalse(new Range(0, 30).needsLogarithm(20));
    }
}
