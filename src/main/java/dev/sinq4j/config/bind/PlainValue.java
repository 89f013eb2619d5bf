package dev.sinq4j.config.bind;

import dev.sinq4j.config.bind.ConfigNode.Mapping;
import dev.sinq4j.config.bind.ConfigNode.Scalar;
import dev.sinq4j.config.bind.ConfigNode.Sequence;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A node as plain Java: String, Long, Double, Boolean, List or Map; an empty value is the empty text. */
final class PlainValue {

    private PlainValue() {}

    static Object of(ConfigNode node) {
        return switch (node) {
            case Scalar scalar -> of(scalar);
            case Sequence sequence ->
                sequence.items().stream().map(PlainValue::of).toList();
            case Mapping mapping -> {
                Map<String, Object> values = new LinkedHashMap<>();
                mapping.entries().forEach(entry -> values.put(entry.key(), of(entry.value())));
                yield values;
            }
        };
    }

    private static Object of(Scalar scalar) {
        return switch (scalar.kind()) {
            case INTEGER -> whole(scalar.text());
            case NUMBER -> decimal(scalar.text());
            case BOOLEAN -> Boolean.valueOf(scalar.text());
            case TEXT, EMPTY -> scalar.text();
        };
    }

    /** Numbers beyond a long's range stay text: nothing takes them. */
    private static Object whole(String text) {
        BigInteger value = new BigInteger(text);
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : text;
    }

    /** YAML also writes infinity and not-a-number, and underscores between digits. */
    static double decimal(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case ".inf", "+.inf" -> Double.POSITIVE_INFINITY;
            case "-.inf" -> Double.NEGATIVE_INFINITY;
            case ".nan" -> Double.NaN;
            default -> Double.parseDouble(text.replace("_", ""));
        };
    }
}
