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

    private final Labels labels;
    private final List<Difference> differences;

    public Conclusions(Labels labels, List<Difference> differences) {
        this.labels = labels;
        this.differences = differences;
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
        String names = labels.series(best)
                + (difference.loss().isDecided() ? " is better than " : " and ")
                + labels.series(other);
        return place(difference)
                + names
                + (difference.loss().isDecided()
                        ? " by " + Numerals.significant(-mean, 2) + " " + brackets(interval.negated())
                                + " nats per token."
                        : " are not told apart: " + Numerals.significant(mean, 2) + " " + brackets(interval)
                                + " nats per token.");
    }

    private String place(Difference difference) {
        return difference.first().bits() + " bits, " + difference.protocol().dataset() + " ("
                + difference.first().model() + "): ";
    }

    private static String brackets(Interval interval) {
        return "[" + Numerals.significant(interval.low(), 2) + ", " + Numerals.significant(interval.high(), 2) + "]";
    }
}
