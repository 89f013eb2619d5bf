package dev.sinq4j.report.paper;

import dev.sinq4j.paper.Measure.Kind;
import dev.sinq4j.statistics.Interval;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Two methods in the order the paper has them, and in ours.
 *
 * @param lowerInPaper  comparisons of the paper in which the first method's figure is the lower one
 * @param comparisons   of the paper: models by texts or tasks
 * @param model         ours
 * @param subject       text or task of ours; empty where there is none
 * @param change        first against second: percent of the second's figure, or points
 * @param interval      of {@code change}; absent where there was one measurement
 * @param items         windows or questions behind it; 1 where there was one measurement
 */
public record OrderRow(
        String first,
        String second,
        int bits,
        Kind kind,
        int lowerInPaper,
        int comparisons,
        String model,
        String subject,
        double change,
        @Nullable Interval interval,
        int items) {

    /** What the data say of the paper's order. */
    public enum Finding {
        AS_IN_THE_PAPER("as in the paper"),
        REVERSED("the other way round"),
        OPEN("open"),
        PAPER_DISAGREES("the paper's own differ"),
        ONE_MEASUREMENT("one measurement, no interval");

        private final String text;

        Finding(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /** The finding; an order is claimed only where the interval leaves zero out. */
    public Finding finding() {
        if (lowerInPaper > 0 && lowerInPaper < comparisons) return Finding.PAPER_DISAGREES;
        if (interval == null) return Finding.ONE_MEASUREMENT;
        if (interval.contains(0)) return Finding.OPEN;
        return change < 0 == lowerInPaper > 0 ? Finding.AS_IN_THE_PAPER : Finding.REVERSED;
    }

    /** How many rows ended how, in a sentence. */
    public static String summary(List<OrderRow> rows) {
        return rows.size() + (rows.size() == 1 ? " order: " : " orders: ")
                + Stream.of(Finding.values())
                        .map(finding -> rows.stream()
                                        .filter(row -> row.finding() == finding)
                                        .count()
                                + " " + finding.text())
                        .filter(count -> !count.startsWith("0 "))
                        .collect(Collectors.joining("; "))
                + ".";
    }

    /** Such as {@code 5 of 6}. */
    public String paperText() {
        return lowerInPaper + " of " + comparisons;
    }
}
