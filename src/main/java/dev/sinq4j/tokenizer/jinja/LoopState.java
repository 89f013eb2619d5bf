package dev.sinq4j.tokenizer.jinja;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The variable {@code loop}. */
final class LoopState {

    private final List<Object> items;
    private int index = -1;
    private @Nullable Object lastSeen;

    LoopState(List<Object> items) {
        this.items = items;
    }

    Object advance() {
        return items.get(++index);
    }

    boolean hasNext() {
        return index + 1 < items.size();
    }

    Object get(String name) {
        long position = index;
        long size = items.size();
        return switch (name) {
            case "index" -> position + 1;
            case "index0" -> position;
            case "revindex" -> size - position;
            case "revindex0" -> size - position - 1;
            case "first" -> index == 0;
            case "last" -> !hasNext();
            case "length" -> size;
            case "depth" -> 1L;
            case "depth0" -> 0L;
            case "previtem" ->
                index > 0 ? items.get(index - 1) : new Undefined("there is no previous item, loop.previtem");
            case "nextitem" -> hasNext() ? items.get(index + 1) : new Undefined("there is no next item, loop.nextitem");
            case "cycle" -> (Callable) arguments -> arguments.positional().get(index % arguments.count());
            case "changed" -> (Callable) this::changed;
            default -> new Undefined("loop." + name);
        };
    }

    private Object changed(Arguments arguments) {
        boolean changed = !Objects.equals(lastSeen, arguments.positional());
        lastSeen = arguments.positional();
        return changed;
    }
}
