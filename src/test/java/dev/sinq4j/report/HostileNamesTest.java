package dev.sinq4j.report;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics;
import dev.sinq4j.results.ResultLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What models and data are called reaches the page as text, never as markup. */
class HostileNamesTest {

    private static final String ATTACK = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;";

    @TempDir
    Path folder;

    @Test
    void aNameThatIsMarkupIsShownAndNotObeyed() throws IOException {
        String lines = "";
        for (CellResult cell : ResultCells.quickstart()) lines += ResultLine.format(hostile(cell, null)) + "\n";
        CellResult first = ResultCells.quickstart().getFirst();
        lines += ResultLine.format(hostile(first, ATTACK)).replace(first.cell(), "0000000000000000") + "\n";
        Files.writeString(folder.resolve("results.jsonl"), lines);
        Report.write(List.of(folder), folder, ReportSettings.ALL);
        String page = Files.readString(folder.resolve("report.html"));
        assertTrue(page.contains("alert(1)"), "the name is on the page");
        assertFalse(page.contains("<script>alert"), "a script from a name");
        assertFalse(page.contains("<img src=x"), "an element from a name");
    }

    private static CellResult hostile(CellResult cell, String error) {
        return new CellResult(
                cell.schema(),
                cell.cell(),
                cell.experiment(),
                ATTACK,
                cell.method(),
                cell.bits(),
                cell.group(),
                cell.tiling(),
                cell.aux(),
                cell.options(),
                error == null ? cell.status() : CellResult.Status.FAILED,
                error,
                error == null ? cell.metrics() : Metrics.NONE,
                cell.provenance());
    }
}
