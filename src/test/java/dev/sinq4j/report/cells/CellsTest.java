package dev.sinq4j.report.cells;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.report.ResultCells;
import dev.sinq4j.results.CellResult;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CellsTest {

    @Test
    void theDenseCellComesFirstAndMoreBitsBeforeFewer() {
        Cells cells = Cells.of(List.of(
                ResultCells.ok("b", "rtn", 2, 64, ResultCells.perplexity(8, 1.0, 2.0)),
                ResultCells.ok("a", "rtn", 4, 64, ResultCells.perplexity(8, 1.0, 2.0)),
                ResultCells.ok("b", "sinq", 8, 64, ResultCells.perplexity(8, 1.0, 2.0)),
                ResultCells.ok("b", "none", 16, null, ResultCells.perplexity(8, 1.0, 2.0))));
        assertEquals(List.of("b none", "b sinq", "b rtn", "a rtn"), names(cells.measured()));
    }

    @Test
    void aCellOfSeveralFoldersCountsOnceAndOkBeforeFailed() {
        CellResult failed = ResultCells.failed("m", "rtn", 4, "no memory");
        CellResult ok = ResultCells.ok("m", "rtn", 4, 64, ResultCells.perplexity(8, 1.0, 2.0));
        CellResult sameCell = new CellResult(
                1,
                failed.cell(),
                "e",
                "m",
                "rtn",
                4,
                64,
                null,
                null,
                null,
                ok.status(),
                null,
                ok.metrics(),
                ok.provenance());
        Cells cells = Cells.of(List.of(failed, sameCell, failed));
        assertEquals(List.of(sameCell), cells.measured());
        assertEquals(List.of(), cells.failed());
    }

    @Test
    void aCellWithoutAnOptionThatOthersHaveSaysSo() {
        CellResult plain = ResultCells.ok("m", "sinq", 4, 64, ResultCells.perplexity(8, 1.0, 2.0));
        CellResult gated =
                ResultCells.ok("m", "sinq", 4, 64, Map.of("kurtosis-gate", 5.0), ResultCells.perplexity(8, 1.0, 2.0));
        Labels labels = new Labels(Cells.of(List.of(plain, gated)));
        assertEquals("sinq no kurtosis-gate 4-bit", labels.full(plain));
        assertEquals("sinq kurtosis-gate=5.0 4-bit", labels.full(gated));
    }

    @Test
    void labelsSayWhatTellsCellsApartAndNoMore() {
        CellResult small = ResultCells.ok("m", "sinq", 4, 64, ResultCells.perplexity(8, 1.0, 2.0));
        CellResult large = ResultCells.ok("m", "sinq", 4, 128, ResultCells.perplexity(8, 1.0, 2.0));
        CellResult other = ResultCells.ok("m", "rtn", 4, 64, ResultCells.perplexity(8, 1.0, 2.0));
        Labels labels = new Labels(Cells.of(List.of(small, large, other)));
        assertEquals("sinq g64 4-bit", labels.full(small));
        assertEquals("sinq g128", labels.series(large));
        assertEquals("rtn 4-bit", labels.full(other));
    }

    @Test
    void onlyTheSameWindowsAreCompared() {
        CellResult dense = ResultCells.ok("m", "none", 16, null, ResultCells.perplexity(8, 1.0, 2.0, 3.0));
        CellResult same = ResultCells.ok("m", "rtn", 4, 64, ResultCells.perplexity(8, 1.1, 2.1, 3.1));
        CellResult otherWindow = ResultCells.ok("m", "hqq", 4, 64, ResultCells.perplexity(16, 1.1, 2.1, 3.1));
        CellResult fewerBits = ResultCells.ok("m", "rtn", 2, 64, ResultCells.perplexity(8, 1.5, 2.5, 3.5));
        List<Difference> differences = Difference.all(Cells.of(List.of(dense, same, otherWindow, fewerBits)));
        assertEquals(
                List.of("rtn4-none16", "rtn2-none16"),
                differences.stream()
                        .map(found -> found.first().method() + found.first().bits() + "-"
                                + found.second().method() + found.second().bits())
                        .toList());
        assertEquals(0.1, differences.getFirst().loss().mean(), 1e-12);
        assertTrue(differences.getFirst().loss().isDecided());
        assertEquals(Math.expm1(0.1), differences.getFirst().perplexityChange(), 1e-12);
    }

    @Test
    void conclusionsCarryTheirIntervalsAndSayWhatIsOpen() {
        Cells cells = Cells.of(List.of(
                ResultCells.ok("m", "none", 16, null, ResultCells.perplexity(8, 1.0, 2.0, 3.0)),
                ResultCells.ok("m", "rtn", 4, 64, ResultCells.perplexity(8, 1.31, 2.31, 3.31)),
                ResultCells.ok("m", "sinq", 4, 64, ResultCells.perplexity(8, 1.0, 2.0, 3.0)),
                ResultCells.ok("m", "hqq", 4, 64, ResultCells.perplexity(8, 1.1, 1.95, 3.0))));
        assertEquals(
                List.of(
                        "wiki, 4 bits: sinq is better than rtn by 0.31 [0.31, 0.31] nats per token.",
                        "wiki, 4 bits: no difference between sinq and hqq is shown: −0.02 [−0.10, 0.05] nats per"
                                + " token."),
                new Conclusions(new Labels(cells), Difference.all(cells)).sentences());
    }

    @Test
    void oneWindowIsNotCompared() {
        assertEquals(
                List.of(),
                Difference.all(Cells.of(List.of(
                        ResultCells.ok("m", "none", 16, null, ResultCells.perplexity(8, 1.0)),
                        ResultCells.ok("m", "rtn", 4, 64, ResultCells.perplexity(8, 1.1))))));
    }

    @ParameterizedTest
    @CsvSource({"4.85392, 4.854", "144.4279, 144.43", "6551.25, 6551.3", "1234567, 1.235e+06", "Infinity, ∞", "NaN, NaN"
    })
    void perplexitiesHaveTheDigitsThatMatter(double value, String expected) {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertEquals(expected, Numerals.perplexity(value));
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0.04302, 0.0430",
        "1439.2, 1439",
        "0.00012, 1.20e-04",
        "-2.5, -2.50",
        "9.996, 10.0",
        "0.99999999, 1.00",
        "99999, 99999",
        "123456, 1.23e+05"
    })
    void significantDigitsAreCounted(double value, String expected) {
        assertEquals(expected, Numerals.significant(value, 3));
    }

    @Test
    void aChangeTooSmallToSeeHasNoSign() {
        assertEquals("0.00", Numerals.signed(0.001, 2));
        assertEquals("0.00", Numerals.signed(-0.001, 2));
        assertEquals("+0.01", Numerals.signed(0.009, 2));
        assertFalse(Numerals.fixed(-0.0, 1).startsWith("-"));
    }

    private static List<String> names(List<CellResult> cells) {
        return cells.stream().map(cell -> cell.model() + " " + cell.method()).toList();
    }
}
