package dev.sinq4j.report.table;

import org.jspecify.annotations.Nullable;

/**
 * One place of a shown table.
 *
 * @param text   the value, empty where nothing was measured
 * @param spread its uncertainty, such as {@code ±0.31} or {@code [1.2, 1.4]}
 * @param raw    the value with all its digits; absent for text and where nothing was measured
 */
public record Entry(
        String text,
        @Nullable String spread,
        Rank rank,
        @Nullable Double raw) {

    /** Place among the rows of its group. */
    public enum Rank {
        BEST,
        SECOND,
        OTHER
    }

    /** The value with proper minus signs. */
    public String shownText() {
        return minus(text);
    }

    /** The uncertainty with proper minus signs; empty if there is none. */
    public String shownSpread() {
        return spread == null ? "" : minus(spread);
    }

    private static String minus(String numbers) {
        return numbers.replaceAll("(?<![0-9A-Za-z])-(?=[0-9\u221e])", "\u2212");
    }

    /** Whether there is nothing to show. */
    public boolean isEmpty() {
        return text.isEmpty();
    }
}
