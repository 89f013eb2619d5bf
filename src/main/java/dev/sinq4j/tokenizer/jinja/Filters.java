package dev.sinq4j.tokenizer.jinja;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What can stand behind a bar and works on one value; {@link SequenceFilters} has those that work on many. */
final class Filters {

    private Filters() {}

    static Object apply(String name, Object value, Arguments a) {
        return switch (name) {
            case "trim" -> StringMethods.strip(PythonText.str(value), a, true, true);
            case "upper" -> PythonText.str(value).toUpperCase(Locale.ROOT);
            case "lower" -> PythonText.str(value).toLowerCase(Locale.ROOT);
            case "capitalize" -> StringMethods.capitalized(PythonText.str(value));
            case "title" -> StringMethods.title(PythonText.str(value));
            case "string", "safe", "forceescape" -> PythonText.str(value);
            case "escape", "e" -> escaped(PythonText.str(value));
            case "replace" ->
                StringMethods.replace(
                        PythonText.str(value),
                        PythonText.str(a.get(0, "old")),
                        PythonText.str(a.get(1, "new")),
                        a.integer(2, "count", -1));
            case "indent" -> indented(PythonText.str(value), a);
            case "tojson" -> PythonJson.write(value, a);
            case "length", "count" -> Values.length(value);
            case "int" -> toInteger(value, a.integer(0, "default", 0));
            case "float" -> toFloat(value);
            case "abs" ->
                value instanceof Long number ? (Object) Math.abs(number) : (Object) Math.abs(Values.number(value));
            case "round" -> round(Values.number(value), a);
            case "default", "d" -> {
                boolean missing = value instanceof Undefined || (a.truth(1, "boolean") && !Values.isTrue(value));
                yield missing ? a.get(0, "default_value", "") : value;
            }
            case "items" -> items(value);
            case "wordcount" -> (long) splitWords(value);
            default -> SequenceFilters.apply(name, value, a);
        };
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }

    private static String indented(String text, Arguments a) {
        Object width = a.get(0, "width", 4L);
        String indent = width instanceof String unit ? unit : " ".repeat(Math.clamp((Long) width, 0, 1000));
        boolean first = a.truth(1, "first");
        boolean blank = a.truth(2, "blank");
        List<String> lines = PythonText.splitLines(text + "\n");
        StringBuilder indented = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            if (i > 0) indented.append('\n');
            if (i == 0 ? first : blank || !lines.get(i).isEmpty()) indented.append(indent);
            indented.append(lines.get(i));
        }
        return indented.toString();
    }

    private static Object toInteger(Object value, long otherwise) {
        try {
            return switch (value) {
                case String text -> (long) Double.parseDouble(PythonText.strip(text));
                default -> (long) Values.number(value);
            };
        } catch (NumberFormatException | JinjaException e) {
            return otherwise;
        }
    }

    private static Object toFloat(Object value) {
        try {
            return value instanceof String text ? (Object) Double.parseDouble(text) : (Object) Values.number(value);
        } catch (NumberFormatException | JinjaException e) {
            return 0.0;
        }
    }

    private static Object round(double value, Arguments a) {
        int digits = Math.clamp(a.integer(0, "precision", 0), -20, 20);
        var mode = switch (PythonText.str(a.get(1, "method", "common"))) {
            case "ceil" -> java.math.RoundingMode.CEILING;
            case "floor" -> java.math.RoundingMode.FLOOR;
            default -> java.math.RoundingMode.HALF_EVEN;
        };
        return new java.math.BigDecimal(value).setScale(digits, mode).doubleValue();
    }

    private static Object items(Object value) {
        return switch (value) {
            case Map<?, ?> map -> ContainerMethods.items(map);
            case Undefined undefined -> List.of();
            default -> throw new JinjaException("items works with a dict, not " + Values.type(value));
        };
    }

    private static int splitWords(Object value) {
        String text = PythonText.strip(PythonText.str(value));
        return text.isEmpty() ? 0 : text.split("\\W+").length;
    }
}
