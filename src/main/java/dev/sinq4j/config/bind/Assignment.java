package dev.sinq4j.config.bind;

import dev.sinq4j.config.bind.ConfigNode.Entry;
import dev.sinq4j.config.bind.ConfigNode.Mapping;
import dev.sinq4j.config.bind.ConfigNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code path=value} from the command line: replaces or adds one value of a tree before it is checked. The value is YAML;
 * mappings on the way are made where they are missing, list items must exist.
 */
public final class Assignment {

    private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+)|\\[(\\d+)]");

    private final String option;
    private final List<String> steps;
    private final ConfigNode value;
    private final List<Problem> problems;

    private Assignment(String option, List<String> steps, ConfigNode value, List<Problem> problems) {
        this.option = option;
        this.steps = steps;
        this.value = value;
        this.problems = problems;
    }

    /** The tree with the value put in; the tree as it was after a reported problem. */
    public static ConfigNode apply(ConfigNode root, String assignment, List<Problem> problems) {
        String option = "--set " + assignment;
        int equals = assignment.indexOf('=');
        List<String> steps = equals < 0 ? List.of() : steps(assignment.substring(0, equals));
        if (steps.isEmpty()) {
            problems.add(new Problem(
                    Position.option(option), "", "is not path=value, for example methods[1].bits=3 or seed=7"));
            return root;
        }
        Optional<ConfigNode> value = YamlReader.option(option, assignment.substring(equals + 1), problems);
        return value.map(node -> new Assignment(option, steps, node, problems).put(root, 0))
                .orElse(root);
    }

    /** Keys as they are, list positions in brackets; empty if the path cannot be read. */
    private static List<String> steps(String path) {
        List<String> steps = new ArrayList<>();
        Matcher step = STEP.matcher(path);
        int end = 0;
        while (step.find()) {
            String between = path.substring(end, step.start());
            boolean index = step.group(2) != null;
            if (!between.equals(index || steps.isEmpty() ? "" : ".")) return List.of();
            steps.add(step.group());
            end = step.end();
        }
        return end == path.length() ? steps : List.of();
    }

    private ConfigNode put(ConfigNode node, int depth) {
        if (depth == steps.size()) return value;
        String step = steps.get(depth);
        return step.startsWith("[") ? putItem(node, depth, step) : putKey(node, depth, step);
    }

    private ConfigNode putKey(ConfigNode node, int depth, String key) {
        if (!(node instanceof Mapping mapping)) {
            report(depth, node.says() + " has no key '" + key + "'");
            return node;
        }
        Position here = Position.option(option);
        List<Entry> entries = new ArrayList<>();
        boolean found = false;
        for (Entry entry : mapping.entries()) {
            boolean isIt = entry.key().equals(key);
            found |= isIt;
            entries.add(isIt ? new Entry(here, key, put(entry.value(), depth + 1)) : entry);
        }
        if (!found) entries.add(new Entry(here, key, put(new Mapping(here, List.of()), depth + 1)));
        return new Mapping(mapping.at(), entries);
    }

    private ConfigNode putItem(ConfigNode node, int depth, String step) {
        long index = Long.parseLong(step.substring(1, Math.min(step.length() - 1, 10)));
        if (!(node instanceof Sequence sequence)) {
            report(depth, node.says() + " is not a list");
            return node;
        }
        if (index >= sequence.items().size()) {
            report(
                    depth,
                    "there is no item " + index + "; the list has "
                            + sequence.items().size());
            return node;
        }
        List<ConfigNode> items = new ArrayList<>(sequence.items());
        items.set((int) index, put(items.get((int) index), depth + 1));
        return new Sequence(sequence.at(), items);
    }

    private void report(int depth, String message) {
        String path = "";
        for (String step : steps.subList(0, depth)) path = step.startsWith("[") ? path + step : Paths.child(path, step);
        problems.add(new Problem(Position.option(option), path, message));
    }
}
