package dev.sinq4j.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sinq4j.failure.UsageFailure;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TolerancesTest {

    @Test
    void whatAFileLeavesOutHasItsDefault() {
        Tolerances tolerances = Tolerances.parse("t.yaml", "acc: {absolute: 0.01}");
        assertEquals(new Tolerance(0.01, null, null), tolerances.acc());
        assertEquals(new Tolerance(null, 0.005, null), tolerances.perplexity());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            value = {
                "perplexiti: {relative: 1}@t.yaml:1:1: perplexiti: unknown key; did you mean 'perplexity'?",
                "perplexity: {relative: -1}@t.yaml:1:24: perplexity.relative: -1 is not a number of at least 0",
                "perplexity: {relative: tiny}@t.yaml:1:24: perplexity.relative: 'tiny' is not a number of at least 0",
                "perplexity: {}@t.yaml:1:13: perplexity: allows nothing; give absolute, relative or standard-errors",
            })
    void mistakesAreNamedWithTheirPlace(String yaml, String message) {
        assertEquals(
                message,
                assertThrows(UsageFailure.class, () -> Tolerances.parse("t.yaml", yaml))
                        .getMessage());
    }

    @Test
    void theFileOfContinuousIntegrationIsValid() {
        assertEquals(
                new Tolerance(null, 0.002, null),
                Tolerances.load(Path.of("configs/tolerances/ci.yaml")).perplexity());
    }
}
