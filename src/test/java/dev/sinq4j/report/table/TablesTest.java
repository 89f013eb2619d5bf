package dev.sinq4j.report.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.report.ResultCells;
import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Difference;
import dev.sinq4j.report.cells.Labels;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics.Against;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TablesTest {

    private static final List<ReportTable> QUICKSTART = tables(ResultCells.quickstart());

    /** Approved texts; where one differs, what was made lies under target/ for a look and, if it is right, for copying. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "main.md",
                "main.csv",
                "main.tex",
                "differences.md",
                "differences.tex",
                "cost.md",
                "cost.tex",
                "weight-error.md"
            })
    void tablesReadAsApproved(String name) throws IOException {
        ReportTable table = table(QUICKSTART, name.replaceFirst("\\..*", ""));
        String made = switch (name.replaceFirst(".*\\.", "")) {
            case "md" -> MarkdownText.of(table);
            case "csv" -> CsvText.of(table);
            default -> LatexText.of(table);
        };
        Path received = Path.of("target/approval/report").resolve(name);
        Files.createDirectories(received.getParent());
        Files.writeString(received, made);
        Path approved = Path.of("src/test/resources/dev/sinq4j/report/approved").resolve(name);
        assertEquals(Files.readString(approved), made, () -> "compare " + received + " with " + approved);
    }

    @Test
    void figuresOfDifferentProtocolsNeverShareAColumn() {
        ReportTable main = table(
                tables(List.of(
                        ResultCells.ok("m", "none", 16, null, ResultCells.perplexity(2048, 1.0, 1.2)),
                        ResultCells.ok("m", "rtn", 4, 64, ResultCells.perplexity(512, 1.1, 1.3)))),
                "main");
        assertEquals(
                List.of("method", "bits", "group", "perplexity, wiki [A] ↓", "perplexity, wiki [B] ↓"),
                main.headings());
        assertEquals("3.004", main.rows().get(0).get(3).text());
        assertTrue(main.rows().get(0).get(4).isEmpty());
        assertTrue(main.rows().get(1).get(3).isEmpty());
        assertEquals("3.320", main.rows().get(1).get(4).text());
        assertTrue(
                main.notes().stream().anyMatch(note -> note.startsWith("Perplexity, wiki [B]: windows of 512 tokens")));
    }

    @Test
    void speedsOfDifferentPromptsNeverShareAColumn() {
        ReportTable cost = table(
                tables(List.of(
                        ResultCells.ok("m", "none", 16, null, ResultCells.speed(512, 10.0, 12.0, 11.0)),
                        ResultCells.ok("m", "rtn", 4, 64, ResultCells.speed(128, 30.0)))),
                "cost");
        assertEquals(
                List.of(
                        "method",
                        "bits",
                        "group",
                        "prefill (tokens/s) [A] ↑",
                        "decode (tokens/s) [A] ↑",
                        "prefill (tokens/s) [B] ↑",
                        "decode (tokens/s) [B] ↑"),
                cost.headings());
        assertEquals("11.0", cost.rows().get(0).get(3).text());
        assertEquals("[10.0, 12.0]", cost.rows().get(0).get(3).spread());
    }

    @Test
    void speedsOfSeveralSequencesStandBesideThoseOfOne() {
        ReportTable cost = table(
                tables(List.of(ResultCells.ok("m", "none", 16, null, ResultCells.speeds(Map.of(1, 10.0, 4, 30.0))))),
                "cost");
        assertEquals(
                List.of(
                        "method",
                        "bits",
                        "prefill (tokens/s), batch 1 ↑",
                        "decode (tokens/s), batch 1 ↑",
                        "prefill (tokens/s), batch 4 ↑",
                        "decode (tokens/s), batch 4 ↑"),
                cost.headings());
        assertEquals("30.0", cost.rows().get(0).get(5).text());
        assertTrue(cost.notes().stream()
                .anyMatch(note -> note.startsWith("Speed, batch 4: prompt of 8 tokens, 16 generated, batch 4,")));
    }

    @Test
    void bestAndSecondBestAreFoundWithinAModelAndBitWidth() {
        ReportTable main = table(QUICKSTART, "main");
        int column = main.headings().indexOf("perplexity, stories ↓");
        List<String> ranks = main.rows().stream()
                .map(row -> row.get(column).rank().name().substring(0, 1))
                .toList();
        assertEquals("O SBOO OBOS OBSO".replace(" ", ""), String.join("", ranks));
    }

    @Test
    void madeUpWeightsAreMarkedInEveryRow() {
        ReportTable cost = table(
                tables(List.of(
                        ResultCells.ok("synthetic:c.json", "none", 16, null, ResultCells.speed(8, 1.0)),
                        ResultCells.ok("m", "none", 16, null, ResultCells.speed(8, 1.0)))),
                "cost");
        assertEquals("synthetic:c.json †", cost.rows().get(0).get(0).text());
        assertEquals("m", cost.rows().get(1).get(0).text());
        assertTrue(cost.notes().getFirst().startsWith("†: made-up weights"));
    }

    @Test
    void flipsHaveTheirIntervalAndMcNemarsTest() {
        ReportTable flips = table(
                tables(List.of(
                        ResultCells.ok("m", "none", 16, null, ResultCells.fidelity(0, 1, true, true, false, false)),
                        ResultCells.ok(
                                "m",
                                "rtn",
                                4,
                                64,
                                ResultCells.fidelity(0.02, 0.9, new Against(2, 1, 1), true, false, true, false)))),
                "flips");
        assertEquals(
                List.of("piqa", "rtn 4-bit", "4", "50.00", "1", "1", "1.0"),
                flips.rows().getFirst().stream().map(Entry::text).toList());
        assertEquals("[15.00, 85.00]", flips.rows().getFirst().get(3).spread());
    }

    @Test
    void fidelityToTheDenseModelHasItsColumns() {
        ReportTable main = table(
                tables(List.of(
                        ResultCells.ok("m", "none", 16, null, ResultCells.fidelity(0, 1, true, true)),
                        ResultCells.ok("m", "rtn", 4, 64, ResultCells.fidelity(0.02, 0.95, true, false)))),
                "main");
        assertEquals(
                List.of(
                        "method",
                        "bits",
                        "group",
                        "KL, wiki (nats) ↓",
                        "KL 99 % ↓",
                        "same top token (%) ↑",
                        "RMS Δp (%) ↓"),
                main.headings());
        assertEquals(
                List.of("rtn", "4", "64", "0.0200", "0.180", "95.00", "1.00"),
                main.rows().get(1).stream().map(Entry::text).toList());
        assertEquals("±0.48", main.rows().get(1).get(5).spread()); // 100 sqrt(0.95 x 0.05 / 2044)
        assertEquals(0.01, main.data().doubleColumn("kl_wiki_median").get(1));
        assertEquals(0.4, main.data().doubleColumn("kl_wiki_max").get(1));
    }

    @Test
    void tasksHaveATableOfTheirOwn() {
        ReportTable tasks = table(
                tables(List.of(
                        ResultCells.ok("m", "none", 16, null, ResultCells.fidelity(0, 1, true, true)),
                        ResultCells.ok(
                                "m", "rtn", 4, 64, ResultCells.fidelity(0.02, 0.95, new Against(1, 0, 1), true, false)),
                        ResultCells.ok("m", "hqq", 4, 64, ResultCells.perplexity(512, 1.0, 2.0)))),
                "tasks");
        assertEquals(List.of("method", "bits", "group", "piqa acc (%) ↑"), tasks.headings());
        assertEquals(
                List.of("rtn", "4", "64", "50.00"),
                tasks.rows().get(1).stream().map(Entry::text).toList());
        assertEquals("±10.00", tasks.rows().get(1).get(3).spread());
        assertEquals(2, tasks.rows().size());
        assertTrue(tasks.notes().contains("piqa: 2 questions, no examples in front."), tasks.notes()::toString);
    }

    @Test
    void aMeanOverTasksHasTheErrorOfIndependentTasks() {
        ReportTable tasks = table(
                tables(List.of(ResultCells.ok("m", "none", 16, null, ResultCells.tasks(0.5, 0.03, 0.7, 0.04)))),
                "tasks");
        int mean = tasks.headings().indexOf("mean (%) ↑");
        assertEquals("60.00", tasks.rows().getFirst().get(mean).text());
        assertEquals("±2.50", tasks.rows().getFirst().get(mean).spread()); // sqrt(3^2 + 4^2) / 2
    }

    @Test
    void rowsThatCompareCellsNameThem() {
        CellResult none = ResultCells.ok("m", "none", 16, null, ResultCells.perplexity(512, 1.0, 1.2));
        CellResult rtn = ResultCells.ok("m", "rtn", 4, 64, ResultCells.perplexity(512, 1.1, 1.3));
        ReportTable differences = table(tables(List.of(none, rtn)), "differences");
        assertEquals(rtn.cell(), differences.data().stringColumn("first_cell").get(0));
        assertEquals(none.cell(), differences.data().stringColumn("second_cell").get(0));
    }

    @Test
    void whatIsNotFiniteIsShownAsSuch() {
        ReportTable main = table(
                tables(List.of(ResultCells.ok("m", "rtn", 2, 64, ResultCells.perplexity(512, 800.0, 801.0)))), "main");
        assertEquals("∞", main.rows().getFirst().get(3).text());
    }

    @Test
    void namesThatLookLikeCommandsAreMadePlain() {
        ReportTable main = table(
                tables(List.of(
                        ResultCells.ok("a_b&c|d<e>#$%", "none", 16, null, ResultCells.perplexity(512, 1.0, 2.0)),
                        ResultCells.ok("other", "none", 16, null, ResultCells.perplexity(512, 1.0, 2.0)))),
                "main");
        assertTrue(MarkdownText.of(main).contains("| a\\_b&c\\|d\\<e\\>#$% | none |"), MarkdownText.of(main));
        assertTrue(
                LatexText.of(main).contains("a\\_b\\&c\\textbar{}d\\textless{}e\\textgreater{}\\#\\$\\% & none"),
                LatexText.of(main));
    }

    @Test
    void aTableWithNothingToShowIsLeftOut() {
        List<ReportTable> tables =
                tables(List.of(ResultCells.ok("m", "none", 16, null, ResultCells.perplexity(512, 1.0, 2.0))));
        assertFalse(tables.stream().anyMatch(table -> table.name().equals("differences")));
        assertFalse(tables.stream().anyMatch(table -> table.name().equals("layers")));
    }

    private static List<ReportTable> tables(List<CellResult> results) {
        Cells cells = Cells.of(results);
        return Tables.of(cells, new Labels(cells), Difference.all(cells));
    }

    private static ReportTable table(List<ReportTable> tables, String name) {
        return tables.stream()
                .filter(table -> table.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
