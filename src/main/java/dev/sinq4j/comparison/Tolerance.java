package dev.sinq4j.comparison;

import dev.sinq4j.config.bind.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How much worse a figure may be. Of several measures the most generous counts: a change is a regression if it is beyond all
 * that are given.
 *
 * @param absolute       in the figure's unit
 * @param relative       share of the baseline's value, 0.01 for one per cent
 * @param standardErrors of the paired difference over windows or questions; where those are not kept, of the two figures
 */
public record Tolerance(
        @Setting(value = "In the figure's own unit", min = 0) @Nullable
        Double absolute,

        @Setting(value = "Share of the baseline's value, 0.01 for one per cent", min = 0) @Nullable
        Double relative,

        @Setting(value = "Standard errors of the paired difference", min = 0) @Nullable
        Double standardErrors) {

    /** Whether a change is no regression. What is not finite is one. */
    boolean allows(Change change) {
        if (!Double.isFinite(change.worsening())) return false;
        if (change.worsening() <= 0) return true;
        if (absolute != null && change.worsening() <= absolute) return true;
        if (relative != null && change.relative() <= relative) return true;
        Change.Noise noise = change.noise();
        return standardErrors != null && noise != null && noise.worsening() <= standardErrors * noise.standardError();
    }

    /** In words, such as {@code 0.5 % or 2 standard errors}. */
    String words() {
        List<String> words = new ArrayList<>();
        if (absolute != null) words.add(number(absolute));
        if (relative != null) words.add(number(100 * relative) + " %");
        if (standardErrors != null) words.add(number(standardErrors) + " standard errors");
        return String.join(" or ", words);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.6f", value).replaceAll("0+$", "").replaceAll("\\.$", "");
    }
}
