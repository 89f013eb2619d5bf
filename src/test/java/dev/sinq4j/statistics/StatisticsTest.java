package dev.sinq4j.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatisticsTest {

    @Test
    void describesASample() {
        Sample sample = Sample.of(2, 4, 4, 4, 5, 5, 7, 9);
        assertEquals(5, sample.mean());
        assertEquals(2.138089935299395, sample.standardDeviation(), 1e-15); // sqrt(32/7)
        assertEquals(0.7559289460184544, sample.standardError(), 1e-15); // sqrt(4/7)
        assertEquals(4.5, sample.median());
        assertEquals(2, sample.min());
        assertEquals(9, sample.max());
    }

    /** Values of numpy.quantile([1, 2, 4, 8, 16], p). */
    @ParameterizedTest
    @CsvSource({"0, 1", "0.1, 1.4", "0.25, 2", "0.5, 4", "0.9, 12.8", "1, 16"})
    void quantilesAreThoseOfNumpy(double share, double expected) {
        assertEquals(expected, Sample.of(16, 1, 8, 2, 4).quantile(share), 1e-12);
    }

    @Test
    void oneValueHasNoSpread() {
        assertTrue(Double.isNaN(Sample.of(3).standardError()));
        assertEquals(3, Sample.of(3).median());
    }

    @Test
    void anEmptySampleIsRefused() {
        assertThrows(IllegalArgumentException.class, Sample::of);
    }

    /** Published normal quantiles. */
    @ParameterizedTest
    @CsvSource({
        "0.5, 0",
        "0.8, 0.8416212335729143",
        "0.95, 1.6448536269514722",
        "0.975, 1.959963984540054",
        "0.995, 2.5758293035489004",
        "0.9999, 3.719016485455709",
        "0.025, -1.959963984540054"
    })
    void normalQuantilesAreThePublishedOnes(double share, double expected) {
        assertEquals(expected, Normal.quantile(share), 1e-12);
    }

    @Test
    void theNormalDistributionIsContinuousWhereItsFormulaChanges() {
        assertEquals(0.0013498980316300933, Normal.cumulative(-3), 1e-16);
        assertEquals(Normal.cumulative(Math.nextDown(3.0)), Normal.cumulative(3), 1e-15);
    }

    /** Newcombe, Statistics in Medicine 17 (1998), table I, method 3. */
    @ParameterizedTest
    @CsvSource({"81, 263, 0.2553, 0.3662", "15, 148, 0.0624, 0.1605", "0, 20, 0.0000, 0.1611", "1, 29, 0.0061, 0.1718"})
    void wilsonIntervalsAreThePublishedOnes(int successes, int trials, double low, double high) {
        Interval interval = new Proportion(successes, trials).wilson(0.95);
        assertEquals(low, interval.low(), 5e-5);
        assertEquals(high, interval.high(), 5e-5);
    }

    /** Two-sided binomial tests at one half; the sums are short enough to do by hand. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 1",
        "3, 3, 1",
        "0, 5, 0.0625",
        "1, 9, 0.021484375",
        "9, 1, 0.021484375",
        "2, 8, 0.109375",
        "0, 10, 0.001953125"
    })
    void mcNemarIsTheExactBinomialTest(int onlyFirst, int onlySecond, double expected) {
        assertEquals(expected, McNemar.exact(onlyFirst, onlySecond), 1e-14);
    }

    /** Agresti's presidential approval: 86 and 150 changed their minds, z = 4.17; exact two-sided p about 3.7e-5. */
    @Test
    void mcNemarStandsLargeCounts() {
        assertEquals(3.7e-5, McNemar.exact(86, 150), 0.1e-5);
        assertEquals(1, McNemar.exact(50_000, 50_000), 1e-9);
    }

    @Test
    void pairingCancelsWhatItemsHaveInCommon() {
        double[] first = new double[40];
        double[] second = new double[40];
        Random random = new Random(1);
        for (int i = 0; i < 40; i++) {
            double hardness = 10 * random.nextDouble();
            first[i] = hardness + 0.30 + 0.01 * random.nextGaussian();
            second[i] = hardness;
        }
        PairedDifference difference = PairedDifference.of(first, second, 42);
        assertEquals(0.30, difference.mean(), 0.01);
        assertTrue(difference.isDecided());
        assertTrue(difference.interval().high() - difference.interval().low() < 0.01);
        assertEquals(difference, PairedDifference.of(first, second, 42));
    }

    @Test
    void equalMeasurementsDifferByNothing() {
        PairedDifference none = PairedDifference.of(new double[] {1, 2}, new double[] {1, 2}, 42);
        assertEquals(new Interval(0, 0), none.interval());
        assertFalse(none.isDecided());
    }

    /** Of 95 % intervals around means of 60 normal differences about 95 % cover the truth; percentile intervals a little less. */
    @Test
    void bootstrapIntervalsCoverTheTruthAsOftenAsTheySay() {
        Random random = new Random(5);
        int covered = 0;
        for (int trial = 0; trial < 1000; trial++) {
            double[] first = random.doubles(60)
                    .map(ignored -> 0.2 + random.nextGaussian())
                    .toArray();
            if (PairedDifference.of(first, new double[60], 0.95, 500, trial)
                    .interval()
                    .contains(0.2)) covered++;
        }
        assertTrue(covered >= 920 && covered <= 970, covered + " of 1000");
    }

    @Test
    void pairsOfDifferentLengthAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> PairedDifference.of(new double[1], new double[2], 1));
    }

    /** (1.95996 + 0.84162) x 0.5 / sqrt(49). */
    @Test
    void saysHowSmallADifferenceCanBeDetected() {
        assertEquals(0.200113, DetectableDifference.ofMean(0.5, 49), 1e-6);
    }
}
