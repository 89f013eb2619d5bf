package dev.sinq4j.config.bind;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.sinq4j.config.bind.ConfigNode.Entry;
import dev.sinq4j.config.bind.ConfigNode.Kind;
import dev.sinq4j.config.bind.ConfigNode.Mapping;
import dev.sinq4j.config.bind.ConfigNode.Scalar;
import dev.sinq4j.config.bind.ConfigNode.Sequence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** One YAML document to a tree of {@link ConfigNode}s; reports bad YAML, keys that stand twice and what follows the document. */
public final class YamlReader {

    // as YAML 1.2 has it, and as editors do: yes, no, on and off are texts
    private static final YAMLFactory FACTORY = YAMLFactory.builder()
            .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
            .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
            .build();

    private final String source;
    private final boolean lines;
    private final List<Problem> problems;
    private final YAMLParser parser;
    private final Map<String, ConfigNode> anchors = new HashMap<>();

    private YamlReader(String source, boolean lines, String text, List<Problem> problems) throws IOException {
        this.source = source;
        this.lines = lines;
        this.problems = problems;
        this.parser = FACTORY.createParser(text);
    }

    /** The tree of a file's text; empty after a problem that leaves none. */
    public static Optional<ConfigNode> file(String source, String text, List<Problem> problems) {
        return read(source, true, text, problems);
    }

    /** The tree of a value given on the command line; every node's position is the option itself. */
    public static Optional<ConfigNode> option(String option, String text, List<Problem> problems) {
        return read(option, false, text, problems);
    }

    private static Optional<ConfigNode> read(String source, boolean lines, String text, List<Problem> problems) {
        try {
            return new YamlReader(source, lines, text, problems).document();
        } catch (JacksonException e) {
            problems.add(bad(source, lines, e));
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("reading from a string", e);
        }
    }

    private Optional<ConfigNode> document() throws IOException {
        try (parser) {
            if (parser.nextToken() == null) {
                problems.add(new Problem(lines ? new Position(source, 1, 1) : Position.option(source), "", "is empty"));
                return Optional.empty();
            }
            ConfigNode root = value("");
            if (parser.nextToken() != null)
                problems.add(new Problem(here(), "", "a second document begins here; one configuration a file"));
            return Optional.of(root);
        }
    }

    private ConfigNode value(String path) throws IOException {
        Position at = here();
        String anchor = parser.getObjectId();
        ConfigNode node = switch (parser.currentToken()) {
            case START_OBJECT -> mapping(at, path);
            case START_ARRAY -> sequence(at, path);
            default -> scalar(at);
        };
        if (anchor != null) anchors.put(anchor, node);
        return node;
    }

    private Mapping mapping(Position at, String path) throws IOException {
        List<Entry> entries = new ArrayList<>();
        Map<String, Position> seen = new HashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            Position keyAt = here();
            String key = parser.currentName();
            String child = Paths.child(path, key);
            Position first = seen.putIfAbsent(key, keyAt);
            if (first != null) problems.add(new Problem(keyAt, child, "stands twice; the first is at " + first));
            parser.nextToken();
            ConfigNode value = value(child);
            if (first == null) entries.add(new Entry(keyAt, key, value));
        }
        return new Mapping(at, entries);
    }

    private Sequence sequence(Position at, String path) throws IOException {
        List<ConfigNode> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) items.add(value(Paths.item(path, items.size())));
        return new Sequence(at, items);
    }

    private ConfigNode scalar(Position at) throws IOException {
        if (parser.isCurrentAlias()) {
            ConfigNode target = anchors.get(parser.getText());
            if (target != null) return target;
            problems.add(new Problem(at, "", "no anchor '&" + parser.getText() + "' stands before this alias"));
            return new Scalar(at, Kind.EMPTY, "");
        }
        return switch (parser.currentToken()) {
            case VALUE_NUMBER_INT ->
                new Scalar(at, Kind.INTEGER, parser.getBigIntegerValue().toString());
            case VALUE_NUMBER_FLOAT -> new Scalar(at, Kind.NUMBER, parser.getText());
            case VALUE_TRUE -> new Scalar(at, Kind.BOOLEAN, "true");
            case VALUE_FALSE -> new Scalar(at, Kind.BOOLEAN, "false");
            case VALUE_NULL -> new Scalar(at, Kind.EMPTY, "");
            default -> new Scalar(at, Kind.TEXT, parser.getText());
        };
    }

    private Position here() {
        return lines ? position(source, parser.currentTokenLocation()) : Position.option(source);
    }

    private static Position position(String source, @Nullable JsonLocation location) {
        return location == null
                ? Position.option(source)
                : new Position(source, location.getLineNr(), location.getColumnNr());
    }

    /** What the YAML parser found and where, without its excerpt of the file. */
    private static Problem bad(String source, boolean lines, JacksonException e) {
        Position at = lines ? position(source, e.getLocation()) : Position.option(source);
        if (!(e.getCause() instanceof MarkedYAMLException marked))
            return new Problem(
                    at,
                    "",
                    "bad YAML: " + e.getOriginalMessage().lines().findFirst().orElse("unreadable"));
        Mark mark = marked.getProblemMark();
        if (lines && mark != null) at = new Position(source, mark.getLine() + 1, mark.getColumn() + 1);
        String context = marked.getContext() == null ? "" : ", " + marked.getContext();
        return new Problem(at, "", "bad YAML: " + marked.getProblem() + context);
    }
}
