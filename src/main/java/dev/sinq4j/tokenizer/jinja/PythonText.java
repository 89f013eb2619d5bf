package dev.sinq4j.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Text as Python sees it: what counts as white space, and how values look when printed. */
final class PythonText {

    private static final Pattern LINE_END = Pattern.compile("\\r\\n|[\\n\\r\\x0B\\f\\x1C-\\x1E\\x85\u2028\u2029]");

    private PythonText() {}

    static boolean isSpace(char c) {
        return (c >= 9 && c <= 13) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 || Character.isSpaceChar(c);
    }

    static String strip(String text) {
        return lstrip(rstrip(text));
    }

    static String lstrip(String text) {
        int start = 0;
        while (start < text.length() && isSpace(text.charAt(start))) start++;
        return text.substring(start);
    }

    static String rstrip(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) end--;
        return text.substring(0, end);
    }

    /** Lines without their ends; Python knows more ends than Java. */
    static List<String> splitLines(String text) {
        List<String> lines = new ArrayList<>(List.of(LINE_END.split(text, -1)));
        if (lines.getLast().isEmpty()) lines.removeLast();
        return lines;
    }

    /** {@code str(value)}; an undefined value is the empty text. */
    static String str(Object value) {
        return switch (value) {
            case String text -> text;
            case Undefined undefined -> "";
            default -> repr(value);
        };
    }

    /** {@code repr(value)}. */
    static String repr(Object value) {
        return switch (value) {
            case String text -> quoted(text);
            case Boolean truth -> truth ? "True" : "False";
            case Double number -> number(number);
            case Tuple tuple when tuple.size() == 1 -> "(" + repr(tuple.get(0)) + ",)";
            case Tuple tuple -> tuple.stream().map(PythonText::repr).collect(Collectors.joining(", ", "(", ")"));
            case List<?> list -> list.stream().map(PythonText::repr).collect(Collectors.joining(", ", "[", "]"));
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> repr(entry.getKey()) + ": " + repr(entry.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            case Undefined undefined -> "Undefined";
            default -> value.toString();
        };
    }

    /** The shortest digits that name the number, with an exponent from 1e16 and below 1e-4 on, as Python writes it. */
    static String number(double value) {
        if (Double.isNaN(value)) return "nan";
        if (Double.isInfinite(value)) return value > 0 ? "inf" : "-inf";
        if (value == 0) return 1 / value > 0 ? "0.0" : "-0.0";
        var decimal = new java.math.BigDecimal(Double.toString(Math.abs(value))).stripTrailingZeros();
        String digits = decimal.unscaledValue().toString();
        int exponent = digits.length() - decimal.scale() - 1;
        String sign = value < 0 ? "-" : "";
        if (exponent >= -4 && exponent < 16) {
            String plain = decimal.toPlainString();
            return sign + (plain.contains(".") ? plain : plain + ".0");
        }
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        return sign
                + digits.charAt(0)
                + fraction
                + String.format(Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    private static String quoted(String text) {
        char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
        StringBuilder result = new StringBuilder().append(quote);
        text.codePoints().forEach(point -> {
            switch (point) {
                case '\n' -> result.append("\\n");
                case '\r' -> result.append("\\r");
                case '\t' -> result.append("\\t");
                case '\\' -> result.append("\\\\");
                default -> appendReadable(result, point, quote);
            }
        });
        return result.append(quote).toString();
    }

    private static void appendReadable(StringBuilder result, int point, char quote) {
        if (point == quote) result.append('\\').append(quote);
        else if (isPrintable(point)) result.appendCodePoint(point);
        else if (point < 0x100) result.append(String.format(Locale.ROOT, "\\x%02x", point));
        else if (point < 0x10000) result.append(String.format(Locale.ROOT, "\\u%04x", point));
        else result.append(String.format(Locale.ROOT, "\\U%08x", point));
    }

    private static boolean isPrintable(int point) {
        if (point == ' ') return true;
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }
}
