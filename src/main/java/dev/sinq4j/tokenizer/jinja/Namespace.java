package dev.sinq4j.tokenizer.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** The one value a template can change. */
final class Namespace {

    private final Map<String, Object> attributes;

    Namespace(Map<String, Object> attributes) {
        this.attributes = new LinkedHashMap<>(attributes);
    }

    Object get(String name) {
        return attributes.getOrDefault(name, new Undefined("'" + name + "' of a namespace"));
    }

    void set(String name, Object value) {
        attributes.put(name, value);
    }
}
