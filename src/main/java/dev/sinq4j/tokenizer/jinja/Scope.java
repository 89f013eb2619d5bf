package dev.sinq4j.tokenizer.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Variables; what is set inside a loop, a macro or a block of text ends with it, which is what namespaces are for. */
final class Scope {

    private final @Nullable Scope outer;
    private final Map<String, Object> variables = new HashMap<>();

    Scope(@Nullable Scope outer) {
        this.outer = outer;
    }

    void set(String name, Object value) {
        variables.put(name, value);
    }

    Object get(String name) {
        for (@Nullable Scope scope = this; scope != null; scope = scope.outer) {
            @Nullable Object value = scope.variables.get(name);
            if (value != null) return value;
        }
        return new Undefined("'" + name + "'");
    }
}
