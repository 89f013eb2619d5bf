package dev.sinq4j.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code json.dumps} with {@code ensure_ascii=False}. */
final class PythonJson {

    private final @Nullable String indent;
    private final String comma;
    private final String colon;
    private final boolean sorted;
    private final StringBuilder text = new StringBuilder();

    private PythonJson(@Nullable String indent, String comma, String colon, boolean sorted) {
        this.indent = indent;
        this.comma = comma;
        this.colon = colon;
        this.sorted = sorted;
    }

    /** The filter {@code tojson(ensure_ascii, indent, separators, sort_keys)} as transformers defines it. */
    static String write(Object value, Arguments arguments) {
        Object indentation = arguments.get(1, "indent", None.NONE);
        @Nullable
        String indent = switch (indentation) {
            case Long width -> " ".repeat(Math.clamp(width, 0, 100));
            case String unit -> unit;
            default -> null;
        };
        Object separators = arguments.get(2, "separators", None.NONE);
        String comma = indent == null ? ", " : ",";
        String colon = ": ";
        if (separators instanceof List<?> pair && pair.size() == 2) {
            comma = PythonText.str(pair.get(0));
            colon = PythonText.str(pair.get(1));
        }
        PythonJson json = new PythonJson(indent, comma, colon, arguments.truth(3, "sort_keys"));
        json.append(value, 0);
        return json.text.toString();
    }

    private void append(Object value, int depth) {
        switch (value) {
            case String string -> appendString(string);
            case Boolean truth -> text.append(truth);
            case None none -> text.append("null");
            case Long number -> text.append(number);
            case Double number -> text.append(number(number));
            case List<?> list -> appendList(list, depth);
            case Map<?, ?> map -> appendMap(map, depth);
            case Undefined undefined -> throw undefined.used();
            default -> throw new JinjaException(Values.type(value) + " has no form in JSON");
        }
    }

    private void appendList(List<?> list, int depth) {
        text.append('[');
        for (int i = 0; i < list.size(); i++) {
            separate(i, depth + 1);
            append(list.get(i), depth + 1);
        }
        if (!list.isEmpty()) newLine(depth);
        text.append(']');
    }

    private void appendMap(Map<?, ?> map, int depth) {
        text.append('{');
        List<Object> keys = new ArrayList<>(map.keySet());
        if (sorted) keys.sort(Values::compare);
        for (int i = 0; i < keys.size(); i++) {
            separate(i, depth + 1);
            appendString(key(keys.get(i)));
            text.append(colon);
            append(map.get(keys.get(i)), depth + 1);
        }
        if (!keys.isEmpty()) newLine(depth);
        text.append('}');
    }

    private void separate(int position, int depth) {
        if (position > 0) text.append(comma);
        newLine(depth);
    }

    private void newLine(int depth) {
        if (indent != null) text.append('\n').append(indent.repeat(depth));
    }

    private static String key(Object key) {
        return switch (key) {
            case String name -> name;
            case Boolean truth -> truth.toString();
            case None none -> "null";
            default -> PythonText.str(key);
        };
    }

    private static String number(double value) {
        if (Double.isNaN(value)) return "NaN";
        if (Double.isInfinite(value)) return value > 0 ? "Infinity" : "-Infinity";
        return PythonText.number(value);
    }

    private void appendString(String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                default -> {
                    if (c < 0x20) text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    else text.append(c);
                }
            }
        }
        text.append('"');
    }
}
