package dev.sinq4j.tokenizer.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Python's rules for values. A template's values are String, Long, Double, Boolean, {@link None}, List, Map in insertion order,
 * {@link Undefined}, {@link Callable}, {@link Namespace} and {@link LoopState}.
 */
final class Values {

    private Values() {}

    /** Turns what Java code hands in into a template's values; lists and maps are copied. */
    static Object of(@Nullable Object value) {
        return switch (value) {
            case null -> None.NONE;
            case Integer number -> (long) number;
            case Short number -> (long) number;
            case Float number -> (double) number;
            case CharSequence text -> text.toString();
            case List<?> list -> {
                List<Object> copy = new ArrayList<>();
                for (Object element : list) copy.add(of(element));
                yield copy;
            }
            case Map<?, ?> map -> {
                Map<Object, Object> copy = new LinkedHashMap<>();
                map.forEach((key, element) -> copy.put(of(key), of(element)));
                yield copy;
            }
            default -> value;
        };
    }

    static boolean isTrue(Object value) {
        return switch (value) {
            case Boolean truth -> truth;
            case String text -> !text.isEmpty();
            case Long number -> number != 0;
            case Double number -> number != 0;
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            case None none -> false;
            case Undefined undefined -> false;
            default -> true;
        };
    }

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    /** A number as fp64. */
    static double number(Object value) {
        return switch (value) {
            case Long number -> number;
            case Double number -> number;
            case Boolean truth -> truth ? 1 : 0;
            default -> throw new JinjaException(type(value) + " is not a number");
        };
    }

    static boolean equal(Object left, Object right) {
        if (left instanceof Undefined) return right instanceof Undefined;
        if (isNumber(left) && isNumber(right)) return number(left) == number(right);
        if (left instanceof List<?> a && right instanceof List<?> b) {
            if (a.size() != b.size() || a instanceof Tuple != b instanceof Tuple) return false;
            for (int i = 0; i < a.size(); i++) if (!equal(a.get(i), b.get(i))) return false;
            return true;
        }
        if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) {
            if (a.size() != b.size()) return false;
            return a.entrySet().stream()
                    .allMatch(e -> b.containsKey(e.getKey()) && equal(e.getValue(), b.get(e.getKey())));
        }
        return left.equals(right);
    }

    /** Order of two numbers, texts or lists. */
    static int compare(Object left, Object right) {
        if (isNumber(left) && isNumber(right)) return Double.compare(number(left), number(right));
        if (left instanceof String a && right instanceof String b) return compareCodePoints(a, b);
        if (left instanceof List<?> a && right instanceof List<?> b) {
            for (int i = 0; i < Math.min(a.size(), b.size()); i++)
                if (!equal(a.get(i), b.get(i))) return compare(a.get(i), b.get(i));
            return Integer.compare(a.size(), b.size());
        }
        throw new JinjaException(type(left) + " and " + type(right) + " have no order");
    }

    private static int compareCodePoints(String left, String right) {
        return java.util.Arrays.compare(
                left.codePoints().toArray(), right.codePoints().toArray());
    }

    static boolean contains(Object container, Object element) {
        return switch (container) {
            case String text when element instanceof String part -> text.contains(part);
            case List<?> list -> list.stream().anyMatch(e -> equal(e, element));
            case Map<?, ?> map -> map.containsKey(element);
            case Undefined undefined -> false;
            default -> throw new JinjaException("'in' cannot look for " + type(element) + " in " + type(container));
        };
    }

    /** What a loop goes through: elements, keys, characters. */
    static List<Object> elements(Object value) {
        return switch (value) {
            case List<?> list -> new ArrayList<>(list);
            case Map<?, ?> map -> new ArrayList<>(map.keySet());
            case String text ->
                new ArrayList<>(text.codePoints().mapToObj(Character::toString).toList());
            case Undefined undefined -> new ArrayList<>();
            default -> throw new JinjaException(type(value) + " cannot be looped over");
        };
    }

    static long length(Object value) {
        return switch (value) {
            case String text -> text.codePointCount(0, text.length());
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case Undefined undefined -> 0;
            default -> throw new JinjaException(type(value) + " has no length");
        };
    }

    /** Python's name of a value's type, for messages. */
    static String type(Object value) {
        return switch (value) {
            case String text -> "a string";
            case Boolean truth -> "a boolean";
            case Long number -> "an integer";
            case Double number -> "a float";
            case List<?> list -> "a list";
            case Map<?, ?> map -> "a dict";
            case None none -> "None";
            case Undefined undefined -> undefined.what() + ", which is undefined,";
            default -> "an object";
        };
    }
}
