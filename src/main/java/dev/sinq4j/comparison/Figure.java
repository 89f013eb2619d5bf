package dev.sinq4j.comparison;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One number of a cell.
 *
 * @param dataset       text or task it was measured on; empty where there is none
 * @param items         one number for each window or question, whose mean decides the value; empty where they are not kept
 * @param standardError of the value, where there are no items; null where it is not known either
 * @param protocol      what has to be the same for two values to be comparable, in words
 */
record Figure(
        Metric metric,
        String dataset,
        double value,
        List<Double> items,
        @Nullable Double standardError,
        Map<String, String> protocol) {

    Figure {
        items = List.copyOf(items);
    }

    /** Same metric on the same data. */
    boolean isSameAs(Figure other) {
        return metric == other.metric && dataset.equals(other.dataset);
    }

    /** Such as {@code perplexity of wikitext2}. */
    String name() {
        return dataset.isEmpty() ? metric.label() : metric.label() + " of " + dataset;
    }
}
