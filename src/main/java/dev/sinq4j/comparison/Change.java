package dev.sinq4j.comparison;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.sinq4j.statistics.McNemar;
import dev.sinq4j.statistics.PairedDifference;
import dev.sinq4j.statistics.Sample;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a figure of the candidate differs from the baseline's.
 *
 * @param worsening in the figure's unit; below zero if the candidate is better
 * @param relative  the same as a share of the baseline's value
 * @param noise     null where no spread is known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Change(
        double baseline,
        double candidate,
        double worsening,
        double relative,
        @Nullable Noise noise) {

    /** Of the bootstrap, so that a comparison says the same every time. */
    private static final long SEED = 42;

    /**
     * What chance has to do with it.
     *
     * @param worsening     mean over items: windows' losses in nats, questions as 0 or 1; without items that of the figures
     * @param standardError of it
     * @param low           lower end of the bootstrap 95 % interval of {@code worsening}; null without items
     * @param high          upper end
     * @param items         windows or questions, each paired with itself; 0 if not kept
     * @param mcNemar       of questions: probability of so uneven a split of gains and losses if nothing changed; null elsewhere
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Noise(
            double worsening,
            double standardError,
            @Nullable Double low,
            @Nullable Double high,
            int items,
            @JsonProperty("mcnemar_p") @Nullable Double mcNemar) {}

    static Change of(Figure baseline, Figure candidate) {
        double worsening = baseline.metric().worsening(baseline.value(), candidate.value());
        double relative = worsening == 0 ? 0 : worsening / Math.abs(baseline.value());
        return new Change(
                baseline.value(), candidate.value(), worsening, relative, noise(baseline, candidate, worsening));
    }

    /** The same change, seen from the candidate. */
    Change reversed() {
        Noise reversed = noise == null
                ? null
                : new Noise(-noise.worsening, noise.standardError, null, null, noise.items, noise.mcNemar);
        return new Change(candidate, baseline, -worsening, -relative, reversed);
    }

    private static @Nullable Noise noise(Figure baseline, Figure candidate, double worsening) {
        int items = baseline.items().size();
        if (items > 1 && items == candidate.items().size()) return paired(baseline, candidate);
        Double first = baseline.standardError();
        Double second = candidate.standardError();
        if (first == null || second == null) return null;
        return new Noise(worsening, Math.hypot(first, second), null, null, 0, null);
    }

    private static Noise paired(Figure baseline, Figure candidate) {
        double[] worse = new double[baseline.items().size()];
        Arrays.setAll(
                worse,
                i -> baseline.metric()
                        .worsening(baseline.items().get(i), candidate.items().get(i)));
        PairedDifference difference = PairedDifference.of(worse, new double[worse.length], SEED);
        return new Noise(
                difference.mean(),
                Sample.of(worse).standardError(),
                difference.interval().low(),
                difference.interval().high(),
                worse.length,
                areAnswers(baseline) && areAnswers(candidate) ? mcNemar(worse) : null);
    }

    /** Right or wrong, 1 or 0 each. */
    private static boolean areAnswers(Figure figure) {
        return figure.items().stream().allMatch(item -> item == 0 || item == 1);
    }

    private static double mcNemar(double[] worse) {
        int lost = (int) Arrays.stream(worse).filter(item -> item > 0).count();
        int gained = (int) Arrays.stream(worse).filter(item -> item < 0).count();
        return McNemar.exact(gained, lost);
    }

    /** Whether all numbers are finite, so that the change can be written as JSON. */
    boolean isFinite() {
        return List.of(baseline, candidate, worsening, relative).stream().allMatch(Double::isFinite);
    }
}
