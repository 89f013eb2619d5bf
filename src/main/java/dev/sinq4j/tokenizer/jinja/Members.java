package dev.sinq4j.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code value.name}, {@code value[key]} and {@code value[from:to:step]}. */
final class Members {

    private Members() {}

    /** A method if there is one of this name, otherwise the item. */
    static Object attribute(Object target, String name) {
        if (target instanceof Undefined undefined) throw undefined.used();
        if (target instanceof Namespace namespace) return namespace.get(name);
        if (target instanceof LoopState loop) return loop.get(name);
        @Nullable Callable method = method(target, name);
        if (method != null) return method;
        if (target instanceof Map<?, ?> map && map.containsKey(name)) return map.get(name);
        return new Undefined("'" + name + "' of " + Values.type(target));
    }

    private static @Nullable Callable method(Object target, String name) {
        return switch (target) {
            case String text -> StringMethods.find(text, name);
            case Map<?, ?> map -> ContainerMethods.ofMap(map, name);
            case List<?> list -> ContainerMethods.ofList(list, name);
            default -> null;
        };
    }

    static Object item(Object target, Object key) {
        if (target instanceof Undefined undefined) throw undefined.used();
        if (target instanceof Map<?, ?> map && map.containsKey(key)) return map.get(key);
        if ((target instanceof List<?> || target instanceof String) && key instanceof Long index) {
            List<Object> elements = Values.elements(target);
            long position = index < 0 ? index + elements.size() : index;
            if (position >= 0 && position < elements.size()) return elements.get((int) position);
            return new Undefined("item " + index + " of " + Values.type(target));
        }
        if (key instanceof String name) return attribute(target, name);
        return new Undefined("item " + PythonText.repr(key) + " of " + Values.type(target));
    }

    static Object slice(Object target, @Nullable Object from, @Nullable Object to, @Nullable Object step) {
        if (target instanceof Undefined undefined) throw undefined.used();
        if (!(target instanceof List<?> || target instanceof String))
            throw new JinjaException(Values.type(target) + " cannot be sliced");
        List<Object> elements = Values.elements(target);
        long size = elements.size();
        long by = bound(step, 1);
        if (by == 0) throw new JinjaException("a slice's step cannot be 0");
        long first = by > 0 ? 0 : -1;
        long beyond = by > 0 ? size : size - 1;
        long start = Math.clamp(absolute(bound(from, by > 0 ? 0 : size), size), first, beyond);
        long end = isNone(to) && by < 0 ? -1 : Math.clamp(absolute(bound(to, size), size), first, beyond);
        List<Object> picked = new ArrayList<>();
        for (long i = start; by > 0 ? i < end : i > end; i += by) picked.add(elements.get((int) i));
        return target instanceof String ? joined(picked) : picked;
    }

    private static String joined(List<Object> characters) {
        StringBuilder text = new StringBuilder();
        characters.forEach(text::append);
        return text.toString();
    }

    private static long absolute(long position, long size) {
        return position < 0 ? position + size : position;
    }

    private static boolean isNone(@Nullable Object bound) {
        return bound == null || bound == None.NONE;
    }

    private static long bound(@Nullable Object bound, long otherwise) {
        if (isNone(bound)) return otherwise;
        if (bound instanceof Long number) return number;
        throw new JinjaException("a slice's bounds must be integers");
    }
}
