package dev.sinq4j.results;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where two results of one cell disagree: the first figure that another run of the same cell must give again and does not.
 * Times, speeds and measured peaks differ from run to run and say nothing.
 *
 * @param field   such as {@code metrics.perplexity.wikitext2.value}
 * @param first   as JSON; {@code absent} if only the second has it
 * @param second  as JSON; {@code absent} if only the first has it
 */
record FigureDifference(String field, String first, String second) {

    private static final Set<String> OF_ONE_RUN = Set.of(
            "throughput",
            "seconds",
            "loading_seconds",
            "cached_layers",
            "peak_device_bytes",
            "peak_host_bytes",
            "planned_device_bytes",
            "planned_host_bytes");
    private static final String ABSENT = "absent";

    /** The first difference in the order of the fields' names; empty where the results say the same. */
    static Optional<FigureDifference> between(CellResult first, CellResult second) {
        return between("metrics", ResultLine.tree(first.metrics()), ResultLine.tree(second.metrics()));
    }

    private static Optional<FigureDifference> between(String field, JsonNode first, JsonNode second) {
        if (first.equals(second)) return Optional.empty();
        if (first.isObject() && second.isObject()) return inObject(field, first, second);
        if (first.isArray() && second.isArray() && first.size() == second.size()) return inArray(field, first, second);
        return Optional.of(new FigureDifference(field, text(first), text(second)));
    }

    private static Optional<FigureDifference> inObject(String field, JsonNode first, JsonNode second) {
        Set<String> names = new TreeSet<>();
        first.fieldNames().forEachRemaining(names::add);
        second.fieldNames().forEachRemaining(names::add);
        names.removeAll(OF_ONE_RUN);
        return names.stream()
                .map(name -> between(field + "." + name, first.path(name), second.path(name)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<FigureDifference> inArray(String field, JsonNode first, JsonNode second) {
        for (int i = 0; i < first.size(); i++) {
            Optional<FigureDifference> found = between(field + "[" + i + "]", first.get(i), second.get(i));
            if (found.isPresent()) return found;
        }
        return Optional.empty();
    }

    private static String text(JsonNode node) {
        return node.isMissingNode() ? ABSENT : node.toString();
    }
}
