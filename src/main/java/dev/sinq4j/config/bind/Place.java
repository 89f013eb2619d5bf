package dev.sinq4j.config.bind;

import dev.sinq4j.config.bind.ConfigNode.Entry;
import dev.sinq4j.config.bind.ConfigNode.Mapping;
import dev.sinq4j.config.bind.ConfigNode.Sequence;
import java.util.List;

/**
 * A node together with its path: where a check says what it found.
 *
 * @param path     of the node, such as {@code methods[2]}
 * @param node     as written
 * @param at       where to point: the node, or its key where the key is at fault
 * @param problems takes the reports
 */
public record Place(String path, ConfigNode node, Position at, List<Problem> problems) {

    /** The root of a document. */
    static Place root(ConfigNode node, List<Problem> problems) {
        return new Place("", node, node.at(), problems);
    }

    /** The value of a key; where it was not written, this node with the key's path. */
    public Place child(String key) {
        if (node instanceof Mapping mapping && mapping.find(key).isPresent()) {
            Entry entry = mapping.find(key).orElseThrow();
            ConfigNode value = entry.value();
            // a text that stands for a record: nobody wrote the key
            boolean implied = entry.keyAt().equals(value.at()) && value.at().line() > 0;
            return new Place(implied ? path : Paths.child(path, key), value, value.at(), problems);
        }
        return new Place(Paths.child(path, key), node, at, problems);
    }

    /** The item of a list, counted from 0; a single value is its own first item. */
    public Place item(int index) {
        if (node instanceof Sequence sequence && index < sequence.items().size()) {
            ConfigNode item = sequence.items().get(index);
            return new Place(Paths.item(path, index), item, item.at(), problems);
        }
        return this;
    }

    /** A key itself. */
    Place key(Entry entry) {
        return new Place(Paths.child(path, entry.key()), entry.value(), entry.keyAt(), problems);
    }

    /** Whether this is a list of so many items. */
    public boolean hasItems(int count) {
        return node instanceof Sequence sequence && sequence.items().size() == count;
    }

    /** A key that was written, to say that it should not be there. */
    public Place keyOf(String key) {
        return node instanceof Mapping mapping
                ? mapping.find(key).map(this::key).orElse(child(key))
                : child(key);
    }

    /** Adds a problem here. */
    public void report(String message) {
        problems.add(new Problem(at, path, message));
    }
}
