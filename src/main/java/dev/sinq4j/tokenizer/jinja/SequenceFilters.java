package dev.sinq4j.tokenizer.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Filters that work on the elements of a list, the keys of a dict or the characters of a string. */
final class SequenceFilters {

    private SequenceFilters() {}

    static Object apply(String name, Object value, Arguments a) {
        return switch (name) {
            case "list" -> Values.elements(value);
            case "first" -> end(Values.elements(value), true);
            case "last" -> end(Values.elements(value), false);
            case "join" -> join(value, a);
            case "map" -> map(value, a);
            case "select" -> pick(value, a, e -> e, 0, true);
            case "reject" -> pick(value, a, e -> e, 0, false);
            case "selectattr" -> pick(value, a, attribute(a.get(0, "attribute")), 1, true);
            case "rejectattr" -> pick(value, a, attribute(a.get(0, "attribute")), 1, false);
            case "reverse" -> reversed(value);
            case "sort" -> sorted(value, a);
            case "dictsort" -> dictSorted(value);
            case "unique" -> unique(value);
            case "sum" -> sum(value, a);
            case "min" ->
                Values.elements(value).stream().min(Values::compare).orElse(new Undefined("the least of nothing"));
            case "max" ->
                Values.elements(value).stream().max(Values::compare).orElse(new Undefined("the greatest of nothing"));
            default -> throw new JinjaException("the filter '" + name + "' is unknown here");
        };
    }

    private static Object end(List<Object> elements, boolean first) {
        if (elements.isEmpty()) return new Undefined("an element of an empty sequence");
        return first ? elements.getFirst() : elements.getLast();
    }

    private static String join(Object value, Arguments a) {
        Function<Object, Object> attribute = attribute(a.get(1, "attribute", None.NONE));
        return Values.elements(value).stream()
                .map(attribute)
                .map(PythonText::str)
                .collect(Collectors.joining(PythonText.str(a.get(0, "d", ""))));
    }

    /** {@code map(attribute="name", default=x)} or {@code map("filter", arguments)}. */
    private static List<Object> map(Object value, Arguments a) {
        List<Object> mapped = new ArrayList<>();
        for (Object element : Values.elements(value)) {
            if (a.count() > 0) {
                mapped.add(Filters.apply(a.text(0, "filter"), element, a.rest()));
                continue;
            }
            Object attribute = attribute(a.get(0, "attribute")).apply(element);
            boolean missing = attribute instanceof Undefined && a.named().containsKey("default");
            mapped.add(missing ? a.named().getOrDefault("default", None.NONE) : attribute);
        }
        return mapped;
    }

    /** Elements for which a test of something of theirs, or the truth of it, is as wanted. */
    private static List<Object> pick(
            Object value, Arguments a, Function<Object, Object> of, int testAt, boolean wanted) {
        List<Object> picked = new ArrayList<>();
        for (Object element : Values.elements(value)) {
            Object tested = of.apply(element);
            boolean holds = a.count() <= testAt
                    ? Values.isTrue(tested)
                    : Predicates.test(
                            a.text(testAt, "test"),
                            tested,
                            new Arguments(a.positional().subList(testAt + 1, a.count()), Map.of()));
            if (holds == wanted) picked.add(element);
        }
        return picked;
    }

    /** A path such as {@code function.name} or {@code 0.role}; None is the element itself. */
    private static Function<Object, Object> attribute(Object path) {
        if (path instanceof Long index) return element -> Members.item(element, index);
        if (!(path instanceof String names)) return element -> element;
        return element -> {
            Object value = element;
            for (String name : names.split("\\.", -1)) {
                Object key = name.chars().allMatch(Character::isDigit) && !name.isEmpty()
                        ? (Object) Long.parseLong(name)
                        : name;
                value = Members.item(value, key);
            }
            return value;
        };
    }

    private static Object reversed(Object value) {
        if (value instanceof String text)
            return new StringBuilder(text).reverse().toString();
        return Values.elements(value).reversed();
    }

    private static List<Object> sorted(Object value, Arguments a) {
        Function<Object, Object> key = attribute(a.get(2, "attribute", None.NONE));
        boolean exact = a.truth(1, "case_sensitive");
        Comparator<Object> order = (x, y) -> Values.compare(folded(key.apply(x), exact), folded(key.apply(y), exact));
        List<Object> elements = Values.elements(value);
        elements.sort(a.truth(0, "reverse") ? order.reversed() : order);
        return elements;
    }

    private static Object folded(Object value, boolean exact) {
        return value instanceof String text && !exact ? text.toLowerCase(java.util.Locale.ROOT) : value;
    }

    private static List<Object> dictSorted(Object value) {
        if (!(value instanceof Map<?, ?> map))
            throw new JinjaException("dictsort works with a dict, not " + Values.type(value));
        List<Object> items = ContainerMethods.items(map);
        items.sort((x, y) ->
                Values.compare(folded(((List<?>) x).getFirst(), false), folded(((List<?>) y).getFirst(), false)));
        return items;
    }

    private static List<Object> unique(Object value) {
        List<Object> kept = new ArrayList<>();
        for (Object element : Values.elements(value)) {
            Object folded = folded(element, false);
            if (kept.stream().noneMatch(k -> Values.equal(folded(k, false), folded))) kept.add(element);
        }
        return kept;
    }

    private static Object sum(Object value, Arguments a) {
        Function<Object, Object> attribute = attribute(a.get(0, "attribute", None.NONE));
        Object sum = a.get(1, "start", 0L);
        for (Object element : Values.elements(value)) sum = Arithmetic.apply("+", sum, attribute.apply(element));
        return sum;
    }
}
