package dev.sinq4j.config.bind;

import java.util.List;
import java.util.Optional;

/** A piece of YAML that knows where it stands. */
public sealed interface ConfigNode {

    Position at();

    /** What it is, for "is ..., not ..." in messages. */
    String says();

    /** A single value. */
    record Scalar(Position at, Kind kind, String text) implements ConfigNode {
        @Override
        public String says() {
            return switch (kind) {
                case TEXT -> "'" + text + "'";
                case INTEGER, NUMBER, BOOLEAN -> text;
                case EMPTY -> "nothing";
            };
        }
    }

    /** Values in order. */
    record Sequence(Position at, List<ConfigNode> items) implements ConfigNode {
        @Override
        public String says() {
            return "a list";
        }
    }

    /** Keys with values; a key may stand twice here, which is the reader's business to report. */
    record Mapping(Position at, List<Entry> entries) implements ConfigNode {
        @Override
        public String says() {
            return "a mapping";
        }

        /** The first entry of that name. */
        public Optional<Entry> find(String key) {
            return entries.stream().filter(entry -> entry.key().equals(key)).findFirst();
        }
    }

    /** One line of a mapping. */
    record Entry(Position keyAt, String key, ConfigNode value) {}

    /** What YAML takes a scalar for. */
    enum Kind {
        TEXT("text"),
        INTEGER("a whole number"),
        NUMBER("a number"),
        BOOLEAN("true or false"),
        EMPTY("nothing");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }
}
