package dev.sinq4j.report.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sinq4j.report.ResultCells;
import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.results.CellResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartsTableTest {

    private static final List<String> METHODS =
            List.of("rtn", "reference-hqq", "awq-l1", "awq-l1-hqq", "sinq", "sinq-hqq", "asinq", "asinq-hqq");

    @Test
    void aPartsEffectStandsBesideEveryCombinationOfTheOthersAndOnAverage() {
        List<CellResult> cells = new ArrayList<>();
        for (String method : METHODS) {
            double gain = method.contains("sinq") ? 0.5 : 0;
            double noise = method.contains("hqq") ? 0.25 : 0;
            cells.add(cell(method, "fp16", 2 - gain + noise, 3 - gain - noise));
            cells.add(cell(method, "int8", 2 - gain + noise, 3 - gain - noise));
        }
        ReportTable table = PartsTable.of(Cells.of(cells));
        assertEquals(4 * (1 + 8), table.data().rowCount());
        assertEquals("Sinkhorn scales | mean of the 8 below | -0.5000 | better with it", row(table, 0));
        assertEquals("Sinkhorn scales | nothing else | -0.5000 | better with it", row(table, 1));
        assertEquals("HQQ rounding | mean of the 8 below | 0.0000 | open", row(table, 18));
        assertEquals(
                "8-bit auxiliaries | Sinkhorn scales + activation search + HQQ rounding | 0.0000 | open",
                row(table, 35));
    }

    @Test
    void fewerThanHalfOfTheCombinationsMakeNoTable() {
        List<CellResult> cells = METHODS.subList(0, 7).stream()
                .map(method -> cell(method, "fp16", 1, 2))
                .toList();
        assertEquals(0, PartsTable.of(Cells.of(cells)).data().rowCount());
    }

    private static String row(ReportTable table, int row) {
        List<Entry> entries = table.rows().get(row);
        return entries.get(2).text() + " | " + entries.get(3).text() + " | "
                + entries.get(4).text() + " | " + entries.get(6).text();
    }

    private static CellResult cell(String method, String aux, double... losses) {
        CellResult made = ResultCells.ok("m", method, 3, 64, ResultCells.perplexity(512, losses[0], losses[1]));
        return new CellResult(
                made.schema(),
                method + aux,
                made.experiment(),
                made.model(),
                method,
                made.bits(),
                made.group(),
                "1d",
                aux,
                null,
                made.status(),
                null,
                made.metrics(),
                made.provenance());
    }
}
