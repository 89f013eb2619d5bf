package dev.sinq4j.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The methods of Python's {@code dict} and {@code list} that leave them unchanged; the sandbox forbids the others. */
final class ContainerMethods {

    private ContainerMethods() {}

    static @Nullable Callable ofMap(Map<?, ?> map, String name) {
        return switch (name) {
            case "items" -> a -> items(map);
            case "keys" -> a -> new ArrayList<Object>(map.keySet());
            case "values" -> a -> new ArrayList<Object>(map.values());
            case "get" ->
                a -> {
                    Object key = a.get(0, "key");
                    return map.containsKey(key) ? map.get(key) : a.get(1, "default", None.NONE);
                };
            default -> null;
        };
    }

    static @Nullable Callable ofList(List<?> list, String name) {
        return switch (name) {
            case "count" ->
                a -> list.stream()
                        .filter(e -> Values.equal(e, a.get(0, "value")))
                        .count();
            case "index" -> a -> index(list, a.get(0, "value"));
            default -> null;
        };
    }

    /** Pairs of key and value. */
    static List<Object> items(Map<?, ?> map) {
        List<Object> items = new ArrayList<>();
        map.forEach((key, value) -> items.add(Tuple.of(key, value)));
        return items;
    }

    private static Object index(List<?> list, Object value) {
        for (int i = 0; i < list.size(); i++) if (Values.equal(list.get(i), value)) return (long) i;
        throw new JinjaException(PythonText.repr(value) + " is not in the list");
    }
}
