package dev.sinq4j.experiment;

import dev.sinq4j.statistics.DetectableDifference;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How small a difference between two methods a plan can show: two-sided test at 5 %, found with a chance of 80 %. How much the
 * differences vary is not known before the run, so usual values stand in for it.
 */
final class SmallestDifference {

    /**
     * Standard deviation, in nats, of the difference of two quantized models' losses from window to window. SINQ and RTN on
     * SmolLM2-135M, four windows of 2048 tokens of WikiText-2: 0.06 at 3 bits, 0.01 at 4 bits.
     */
    static final double WINDOW_DEVIATION = 0.03;

    /** Share of questions that exactly one of two models answers right; the SINQ paper's tables have 5 to 20 % of flips. */
    static final double DISCORDANT = 0.10;

    private SmallestDifference() {}

    /** The assumptions, for people who read a plan. */
    static String words() {
        return String.format(
                Locale.ROOT,
                "Differences: between two methods, found with 80 %% chance at the 5 %% level, if losses differ by %.2f"
                        + " nats more or less from window to window and %.0f %% of the answers change.%n",
                WINDOW_DEVIATION,
                100 * DISCORDANT);
    }

    /** Of mean losses on the same windows, nats per token; absent for fewer than two windows. */
    static @Nullable Double ofLoss(int windows) {
        return windows < 2 ? null : DetectableDifference.ofMean(WINDOW_DEVIATION, windows);
    }

    /** Of accuracies on the same questions, a share; absent for fewer than two questions. */
    static @Nullable Double ofAccuracy(int questions) {
        return questions < 2 ? null : DetectableDifference.ofMean(Math.sqrt(DISCORDANT), questions);
    }
}
