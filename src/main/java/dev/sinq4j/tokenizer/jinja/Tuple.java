package dev.sinq4j.tokenizer.jinja;

import java.util.AbstractList;
import java.util.List;

/** A list that prints with parentheses and equals no list. */
final class Tuple extends AbstractList<Object> {

    private final List<Object> elements;

    Tuple(List<Object> elements) {
        this.elements = List.copyOf(elements);
    }

    static Tuple of(Object... elements) {
        return new Tuple(List.of(elements));
    }

    @Override
    public Object get(int index) {
        return elements.get(index);
    }

    @Override
    public int size() {
        return elements.size();
    }
}
