package dev.sinq4j.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.results.CellResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {

    private static Verdict verdict(CellResult candidate, CellResult baseline) {
        return Comparison.of(Runs.of(candidate), Runs.of(baseline), Tolerances.standard());
    }

    private static Verdict verdict(String tolerances, double... losses) {
        return Comparison.of(
                Runs.of(Runs.cell(losses)),
                Runs.of(Runs.cell(Runs.LOSSES)),
                Tolerances.parse("tolerance.yaml", tolerances));
    }

    private static Outcome only(Verdict verdict) {
        assertEquals(1, verdict.findings().size(), verdict::toString);
        return verdict.findings().getFirst().outcome();
    }

    @Test
    void theSameResultsPass() {
        Verdict verdict = verdict(Runs.cell(Runs.LOSSES), Runs.cell(Runs.LOSSES));
        assertEquals(Outcome.WITHIN, only(verdict));
        assertTrue(verdict.passed());
        assertEquals(1, verdict.compared());
    }

    @Test
    void aPerplexityWorseThanAllowedIsARegression() {
        Verdict verdict = verdict(Runs.cell(Runs.shifted(0.01)), Runs.cell(Runs.LOSSES));
        assertEquals(Outcome.REGRESSION, only(verdict));
        assertFalse(verdict.passed());
        Finding finding = verdict.findings().getFirst();
        assertEquals("rtn 4 bits, group 64, 1d, fp16 on tiny", finding.cell());
        assertEquals("perplexity of stories", finding.figure());
        assertEquals(
                "3.18993, was 3.15819: worse by 0.0317 (1.01 %); allowed 0.5 %",
                finding.message().replaceAll(", [0-9.e+]+ standard errors, mean worsening of 4 pairs .*]", ""));
    }

    @Test
    void aBetterPerplexityIsMentionedAndPasses() {
        Verdict verdict = verdict(Runs.cell(Runs.shifted(-0.01)), Runs.cell(Runs.LOSSES));
        assertEquals(Outcome.IMPROVED, only(verdict));
        assertTrue(verdict.passed());
    }

    @Test
    void toleranceInStandardErrorsIsOfThePairedDifference() {
        // differences 0.02, 0, 0.02, 0: mean 0.01, standard deviation 0.011547, standard error 0.0057735
        double[] losses = {1.02, 1.2, 1.12, 1.3};
        assertEquals(Outcome.WITHIN, only(verdict("perplexity: {standard-errors: 2}", losses)));
        assertEquals(Outcome.REGRESSION, only(verdict("perplexity: {standard-errors: 1.7}", losses)));
    }

    @Test
    void aShiftThatIsTheSameInEveryWindowIsBeyondAnyNumberOfStandardErrors() {
        assertEquals(Outcome.REGRESSION, only(verdict("perplexity: {standard-errors: 1000000}", 1.5, 1.7, 1.6, 1.8)));
    }

    @Test
    void ofSeveralMeasuresTheMostGenerousCounts() {
        assertEquals(Outcome.WITHIN, only(verdict("perplexity: {relative: 0, absolute: 0.05}", Runs.shifted(0.01))));
        assertEquals(
                Outcome.REGRESSION, only(verdict("perplexity: {relative: 0.009, absolute: 0.03}", Runs.shifted(0.01))));
    }

    @Test
    void aPerplexityThatIsNoNumberIsARegression() {
        double[] losses = Runs.LOSSES.clone();
        losses[2] = Double.NaN;
        assertEquals(Outcome.REGRESSION, only(verdict("perplexity: {relative: 1000}", losses)));
    }

    @Test
    void aMissingCellFailsAndNamesTheOneItMayHaveBecome() {
        CellResult coarse = Runs.cell(128, Runs.metrics(512, Runs.LOSSES), Runs.provenance("aa", 42));
        Verdict verdict = verdict(coarse, Runs.cell(Runs.LOSSES));
        assertEquals(
                List.of(Outcome.MISSING_CELL, Outcome.EXTRA_CELL),
                verdict.findings().stream().map(Finding::outcome).toList());
        assertEquals(
                "the candidate has no such cell; it has one in which group was 64, is 128",
                verdict.findings().getFirst().message());
        assertFalse(verdict.passed());
    }

    @Test
    void anExtraCellAlonePasses() {
        CellResult coarse = Runs.cell(128, Runs.metrics(512, Runs.LOSSES), Runs.provenance("aa", 42));
        Verdict verdict = Comparison.of(
                Runs.of(Runs.cell(Runs.LOSSES), coarse), Runs.of(Runs.cell(Runs.LOSSES)), Tolerances.standard());
        assertTrue(verdict.passed());
        assertEquals(1, verdict.count(Outcome.EXTRA_CELL));
    }

    @Test
    void aFailedCellFailsOnEitherSide() {
        assertEquals(Outcome.FAILED_CELL, only(verdict(Runs.failed("out of memory"), Runs.cell(Runs.LOSSES))));
        assertEquals(Outcome.FAILED_CELL, only(verdict(Runs.cell(Runs.LOSSES), Runs.failed("out of memory"))));
    }

    @Test
    void aMissingFigureFails() {
        CellResult empty = Runs.cell(64, dev.sinq4j.results.Metrics.NONE, Runs.provenance("aa", 42));
        assertEquals(Outcome.MISSING_FIGURE, only(verdict(empty, Runs.cell(Runs.LOSSES))));
    }

    @Test
    void anotherProtocolFailsEvenWithTheSamePerplexity() {
        CellResult candidate = Runs.cell(64, Runs.metrics(256, Runs.LOSSES), Runs.provenance("aa", 42));
        Verdict verdict = verdict(candidate, Runs.cell(Runs.LOSSES));
        assertEquals(Outcome.CHANGED_PROTOCOL, only(verdict));
        assertTrue(verdict.findings().getFirst().message().startsWith("window was 512, is 256; "));
    }

    @Test
    void otherDataFailEvenWithTheSamePerplexity() {
        CellResult candidate = Runs.cell(64, Runs.metrics(512, Runs.LOSSES), Runs.provenance("bb", 42));
        Verdict verdict = verdict(candidate, Runs.cell(Runs.LOSSES));
        assertEquals(Outcome.CHANGED_DATA, only(verdict));
        assertEquals(
                "the data 'stories' differ: SHA-256 was aa, is bb",
                verdict.findings().getFirst().message());
    }

    @Test
    void speedIsComparedOnlyWhereAToleranceIsGiven() {
        CellResult slow = Runs.cell(64, Runs.withSpeed(10, 11, 12), Runs.provenance("aa", 42));
        CellResult fast = Runs.cell(64, Runs.withSpeed(100, 110, 120), Runs.provenance("aa", 42));
        assertTrue(verdict(slow, fast).passed());
        Verdict strict = Comparison.of(
                Runs.of(slow), Runs.of(fast), Tolerances.parse("tolerance.yaml", "decode-speed: {relative: 0.5}"));
        assertEquals(1, strict.count(Outcome.REGRESSION));
        assertEquals("decode-speed", strict.findings().getLast().figure());
    }

    @Test
    void aSpeedOfSeveralSequencesIsAFigureOfItsOwn() {
        CellResult both = Runs.cell(64, Runs.withSpeeds(1, 4), Runs.provenance("aa", 42));
        CellResult one = Runs.cell(64, Runs.withSpeeds(1), Runs.provenance("aa", 42));
        Verdict verdict = Comparison.of(
                Runs.of(one), Runs.of(both), Tolerances.parse("tolerance.yaml", "decode-speed: {relative: 0.5}"));
        assertEquals(1, verdict.count(Outcome.MISSING_FIGURE));
        assertEquals("decode-speed of batch 4", verdict.findings().getLast().figure());
    }

    @Test
    void saysWhichInputsChanged() {
        CellResult candidate = Runs.cell(64, Runs.metrics(512, Runs.LOSSES), Runs.provenance("aa", 7));
        assertEquals(
                List.of(new ProvenanceChange("seed", "42", "7", 1)),
                verdict(candidate, Runs.cell(Runs.LOSSES)).provenance());
    }

    @Test
    void aBaselineWithNothingInItIsRefused(@TempDir Path folder) throws Exception {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThrows(UnavailableFailure.class, () -> Comparison.of(empty, empty, Tolerances.standard(), false));
        Files.createFile(empty.resolve("results.jsonl"));
        assertThrows(UsageFailure.class, () -> Comparison.of(empty, empty, Tolerances.standard(), false));
    }

    @Test
    void answersAreComparedQuestionByQuestion() {
        Verdict verdict =
                verdict(Runs.answering(0.30, 0, 0, 0, 0, 0, 0, 0, 0), Runs.answering(0.10, 1, 1, 1, 1, 1, 1, 1, 1));
        assertEquals(1, verdict.failures());
        Finding accuracy = verdict.findings().get(0);
        assertEquals("acc of piqa", accuracy.figure());
        assertEquals(0.0078125, accuracy.change().noise().mcNemar(), 1e-12); // 2 / 2^8
        Finding flips = verdict.findings().get(1);
        assertEquals("flips of piqa", flips.figure());
        assertEquals(Outcome.WITHIN, flips.outcome()); // of 8 questions 0.2 is about one standard error
    }
}
