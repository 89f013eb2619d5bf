package dev.sinq4j.report.cells;

import dev.sinq4j.results.CellResult;
import dev.sinq4j.statistics.Interval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What can be said of results in sentences, each with its interval. At every bit width the cell with the lowest mean loss is
 * compared with each of the others; what an interval leaves open is said to be open.
 */
public final class Conclusions {

    private static final int MOST_DECIMALS = 6;

    private final Labels labels;
    private final List<Difference> differences;
    private final boolean severalModels;

    public Conclusions(Labels labels, List<Difference> differences) {
        this.labels = labels;
        this.differences = differences;
        this.severalModels = differences.stream()
                        .map(difference -> difference.first().model())
                        .distinct()
                        .count()
                > 1;
    }

    /** One sentence a comparison, in the order of the tables. */
    public List<String> sentences() {
        Map<List<Object>, List<Difference>> groups = differences.stream()
                .filter(difference -> !difference.againstDense())
                .collect(Collectors.groupingBy(
                        difference -> List.of(
                                difference.protocol(),
                                difference.first().model(),
                                difference.first().bits()),
                        LinkedHashMap::new,
                        Collectors.toList()));
        List<String> sentences = new ArrayList<>();
        groups.values().forEach(group -> addBest(sentences, group));
        return sentences;
    }

    private void addBest(List<String> sentences, List<Difference> group) {
        CellResult best = best(group);
        for (Difference difference : group) {
            if (difference.first().equals(best)) sentences.add(sentence(difference, best, difference.second(), 1));
            else if (difference.second().equals(best))
                sentences.add(sentence(difference, best, difference.first(), -1));
        }
    }

    private static CellResult best(List<Difference> group) {
        CellResult best = group.getFirst().first();
        for (Difference difference : group) {
            if (difference.first().equals(best) && difference.loss().mean() > 0) best = difference.second();
            else if (difference.second().equals(best) && difference.loss().mean() < 0) best = difference.first();
        }
        return best;
    }

    private String sentence(Difference difference, CellResult best, CellResult other, int sign) {
        double mean = sign * difference.loss().mean();
        Interval interval = sign > 0
                ? difference.loss().interval()
                : difference.loss().interval().negated();
        String first = labels.series(best);
        String second = labels.series(other);
        String place = place(difference);
        return difference.loss().isDecided()
                ? place + first + " is better than " + second + " by " + nats(-mean, interval.negated())
                : place + "no difference between " + first + " and " + second + " is shown: " + nats(mean, interval);
    }

    /** All three with the decimals that the interval's wider end needs for two digits. */
    private static String nats(double mean, Interval interval) {
        double widest = Math.max(Math.abs(interval.low()), Math.abs(interval.high()));
        int decimals = widest == 0 ? 1 : Math.clamp(1 - (int) Math.floor(Math.log10(widest)), 0, MOST_DECIMALS);
        return (Numerals.fixed(mean, decimals) + " [" + Numerals.fixed(interval.low(), decimals) + ", "
                        + Numerals.fixed(interval.high(), decimals) + "] nats per token.")
                .replace('-', '\u2212');
    }

    private String place(Difference difference) {
        String model = severalModels ? difference.first().model() + ", " : "";
        return model + difference.protocol().dataset() + ", "
                + difference.first().bits() + " bits: ";
    }
}
