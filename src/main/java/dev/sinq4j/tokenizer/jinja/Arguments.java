package dev.sinq4j.tokenizer.jinja;

import java.util.List;
import java.util.Map;

/** Evaluated arguments of a call, a filter or a test. */
record Arguments(List<Object> positional, Map<String, Object> named) {

    static final Arguments NONE = new Arguments(List.of(), Map.of());

    static Arguments of(Object... positional) {
        return new Arguments(List.of(positional), Map.of());
    }

    int count() {
        return positional.size();
    }

    /** The argument at a position or under a name. */
    Object get(int position, String name, Object otherwise) {
        if (position < positional.size()) return positional.get(position);
        return named.getOrDefault(name, otherwise);
    }

    Object get(int position, String name) {
        if (position < positional.size() || named.containsKey(name)) return get(position, name, None.NONE);
        throw new JinjaException("the argument " + name + " is missing");
    }

    String text(int position, String name) {
        if (get(position, name) instanceof String text) return text;
        throw new JinjaException(name + " must be a string");
    }

    long integer(int position, String name, long otherwise) {
        return switch (get(position, name, otherwise)) {
            case Long number -> number;
            case Boolean truth -> truth ? 1 : 0;
            default -> throw new JinjaException(name + " must be an integer");
        };
    }

    boolean truth(int position, String name) {
        return Values.isTrue(get(position, name, false));
    }

    /** Without the first. */
    Arguments rest() {
        return new Arguments(positional.subList(Math.min(1, positional.size()), positional.size()), named);
    }
}
