package dev.sinq4j.report.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sinq4j.paper.PaperTable;
import dev.sinq4j.paper.PaperTable.Row;
import dev.sinq4j.paper.PaperTable.RowSetting;
import dev.sinq4j.paper.PaperTable.Source;
import dev.sinq4j.report.ResultCells;
import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Difference;
import dev.sinq4j.results.CellResult;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PaperRowTest {

    private static final RowSetting NOTHING = new RowSetting(null, null, null, null, null);

    @Test
    void aFigureCloseByInTheSameSettingIsReproduced() {
        List<PaperRow> rows = rows(
                table("perplexity/wiki", 512, row("rtn", 3, "7.42"), row("sinq", 3, "7.70")),
                ResultCells.ok("org/m@main", "rtn", 3, 64, ResultCells.perplexity(512, 2.0, 2.0)),
                ResultCells.ok("org/m@main", "sinq", 3, 64, ResultCells.perplexity(512, 2.0, 2.0)));
        assertEquals("reproduced within 0.5 %", rows.get(0).verdict().text());
        assertEquals("not reproduced", rows.get(1).verdict().text());
        assertEquals(Math.exp(2) - 7.42, rows.get(0).difference());
    }

    @Test
    void anotherProtocolOrSettingIsSaidAndNotJudged() {
        CellResult cell = ResultCells.ok("org/m", "rtn", 3, 128, ResultCells.perplexity(512, 2.0, 2.0));
        PaperRow row = rows(table("perplexity/wiki", 2048, row("rtn", 3, "7.39")), cell)
                .getFirst();
        assertEquals(
                "setting differs: group 128, not 64; windows of 512 tokens, not 2048",
                row.verdict().text());
    }

    @Test
    void whatWasNotMeasuredIsNotRunHere() {
        List<PaperRow> rows = rows(
                table("perplexity/wiki", 512, row("rtn", 3, "7.39")),
                ResultCells.ok("org/other", "rtn", 3, 64, ResultCells.perplexity(512, 2.0, 2.0)),
                ResultCells.ok("org/m", "rtn", 4, 64, ResultCells.perplexity(512, 2.0, 2.0)));
        assertEquals("not run here", rows.getFirst().verdict().text());
        assertNull(rows.getFirst().ours());
        assertEquals(
                "1 numbers: 0 reproduced, 0 not reproduced, 0 measured in another setting, 1 not run here.",
                PaperRow.summary(rows));
    }

    @Test
    void flipsAreCountedAgainstTheDenseModelAndQuestionsAreCounted() {
        PaperTable table = new PaperTable(
                new Source("2509.22944", "v4", "Table 2"),
                "made up",
                NOTHING,
                1,
                List.of("org/m"),
                List.of("flips-percent/piqa/4", "flips-percent/average"),
                List.of(row("rtn", 4, "50 / 50.4")),
                null);
        List<PaperRow> rows = rows(
                table,
                ResultCells.ok("org/m", "none", 16, null, ResultCells.fidelity(0, 1, true, true, false, false)),
                ResultCells.ok("org/m", "rtn", 4, 64, ResultCells.fidelity(0.1, 0.9, true, false, true, false)));
        assertEquals(50.0, rows.get(0).ours());
        assertEquals(25.0, rows.get(0).stderr());
        assertEquals("reproduced within 0.1 points", rows.get(0).verdict().text());
        assertEquals("reproduced within 0.5 points", rows.get(1).verdict().text(), "the mean of one task");
    }

    @Test
    void theOrderIsClaimedOnlyWhereTheIntervalLeavesZeroOut() {
        PaperTable table = table(
                "perplexity/wiki",
                512,
                row("rtn", 3, "9"),
                row("hqq", 3, "8"),
                row("gptq", 3, "9"),
                row("sinq", 3, "7"));
        CellResult sinq = ResultCells.ok("m", "sinq", 3, 64, ResultCells.perplexity(512, 1.0, 2.0, 3.0));
        List<OrderRow> rows = orders(
                table,
                sinq,
                ResultCells.ok("m", "rtn", 3, 64, ResultCells.perplexity(512, 1.1, 2.1, 3.2)),
                ResultCells.ok("m", "hqq", 3, 64, ResultCells.perplexity(512, 0.9, 2.1, 3.0)),
                ResultCells.ok("m", "gptq", 3, 64, ResultCells.perplexity(512, 0.9, 1.9, 2.9)));
        assertEquals(
                List.of("sinq rtn as in the paper", "sinq hqq open", "sinq gptq the other way round"),
                rows.stream()
                        .map(row -> row.first() + " " + row.second() + " "
                                + row.finding().text())
                        .toList());
        assertEquals("1 of 1", rows.getFirst().paperText());
        assertEquals(100 * Math.expm1(-0.4 / 3), rows.getFirst().change(), 1e-9);
        assertEquals(3, rows.getFirst().items());
    }

    private static PaperTable table(String column, int window, Row... rows) {
        return new PaperTable(
                new Source("2509.22944", "v4", "Table 1"),
                "made up",
                new RowSetting(64, null, null, window, null),
                1,
                List.of("org/m"),
                List.of(column),
                List.of(rows),
                List.of("sinq"));
    }

    private static Row row(String method, @Nullable Integer bits, String values) {
        return new Row(method, null, bits, false, NOTHING, values);
    }

    private static List<PaperRow> rows(PaperTable table, CellResult... results) {
        return PaperRow.all(table, Cells.of(List.of(results)));
    }

    private static List<OrderRow> orders(PaperTable table, CellResult... results) {
        Cells cells = Cells.of(List.of(results));
        return Orders.all(table, cells, Difference.all(cells));
    }
}
