package dev.sinq4j.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The methods of Python's {@code str} that templates use. */
final class StringMethods {

    private StringMethods() {}

    static @Nullable Callable find(String text, String name) {
        return switch (name) {
            case "strip" -> a -> strip(text, a, true, true);
            case "lstrip" -> a -> strip(text, a, true, false);
            case "rstrip" -> a -> strip(text, a, false, true);
            case "upper" -> a -> text.toUpperCase(Locale.ROOT);
            case "lower" -> a -> text.toLowerCase(Locale.ROOT);
            case "title" -> a -> title(text);
            case "capitalize" -> a -> capitalized(text);
            case "startswith" -> a -> prefixes(a.get(0, "prefix")).stream().anyMatch(text::startsWith);
            case "endswith" -> a -> prefixes(a.get(0, "suffix")).stream().anyMatch(text::endsWith);
            case "removeprefix" -> a -> removePrefix(text, a.text(0, "prefix"));
            case "removesuffix" -> a -> removeSuffix(text, a.text(0, "suffix"));
            case "replace" -> a -> replace(text, a.text(0, "old"), a.text(1, "new"), a.integer(2, "count", -1));
            case "split" -> a -> split(text, a.get(0, "sep", None.NONE), a.integer(1, "maxsplit", -1));
            case "rsplit" -> a -> splitFromEnd(text, a.text(0, "sep"), a.integer(1, "maxsplit", -1));
            case "splitlines" ->
                a -> new ArrayList<Object>(
                        text.isEmpty() ? List.of() : text.lines().toList());
            case "join" -> a -> join(text, a.get(0, "iterable"));
            case "find" -> a -> position(text, text.indexOf(a.text(0, "sub")));
            case "rfind" -> a -> position(text, text.lastIndexOf(a.text(0, "sub")));
            case "count" -> a -> count(text, a.text(0, "sub"));
            case "isdigit" -> a -> all(text, Character::isDigit);
            case "isalpha" -> a -> all(text, Character::isLetter);
            case "isalnum" -> a -> all(text, Character::isLetterOrDigit);
            case "isspace" -> a -> !text.isEmpty() && PythonText.strip(text).isEmpty();
            case "isupper" ->
                a -> text.equals(text.toUpperCase(Locale.ROOT)) && !text.equals(text.toLowerCase(Locale.ROOT));
            case "islower" ->
                a -> text.equals(text.toLowerCase(Locale.ROOT)) && !text.equals(text.toUpperCase(Locale.ROOT));
            case "zfill" -> a -> "0".repeat(Math.clamp(a.integer(0, "width", 0) - text.length(), 0, 1000)) + text;
            default -> null;
        };
    }

    static String strip(String text, Arguments arguments, boolean left, boolean right) {
        Object characters = arguments.get(0, "chars", None.NONE);
        if (!(characters instanceof String set)) {
            String stripped = left ? PythonText.lstrip(text) : text;
            return right ? PythonText.rstrip(stripped) : stripped;
        }
        int start = 0;
        int end = text.length();
        while (left && start < end && set.indexOf(text.codePointAt(start)) >= 0)
            start += Character.charCount(text.codePointAt(start));
        while (right && end > start && set.indexOf(text.codePointBefore(end)) >= 0)
            end -= Character.charCount(text.codePointBefore(end));
        return text.substring(start, end);
    }

    /** Every run of letters begins with a capital, the rest small. */
    static String title(String text) {
        StringBuilder result = new StringBuilder();
        boolean inWord = false;
        for (int point : text.codePoints().toArray()) {
            result.appendCodePoint(inWord ? Character.toLowerCase(point) : Character.toTitleCase(point));
            inWord = Character.isLetter(point);
        }
        return result.toString();
    }

    static String capitalized(String text) {
        if (text.isEmpty()) return text;
        int first = Character.charCount(text.codePointAt(0));
        return text.substring(0, first).toUpperCase(Locale.ROOT)
                + text.substring(first).toLowerCase(Locale.ROOT);
    }

    static String replace(String text, String old, String replacement, long count) {
        if (count < 0) return text.replace(old, replacement);
        StringBuilder result = new StringBuilder();
        int from = 0;
        for (long i = 0; i < count; i++) {
            int at = text.indexOf(old, from);
            if (at < 0 || old.isEmpty()) break;
            result.append(text, from, at).append(replacement);
            from = at + old.length();
        }
        return result.append(text.substring(from)).toString();
    }

    static String join(String separator, Object parts) {
        List<String> texts = new ArrayList<>();
        for (Object part : Values.elements(parts)) {
            if (!(part instanceof String text))
                throw new JinjaException("join works with strings, not " + Values.type(part));
            texts.add(text);
        }
        return String.join(separator, texts);
    }

    private static List<Object> split(String text, Object separator, long limit) {
        return separator instanceof String s ? splitAt(text, s, limit) : splitAtSpace(text, limit);
    }

    private static List<Object> splitAt(String text, String separator, long limit) {
        if (separator.isEmpty()) throw new JinjaException("split needs a separator that is not empty");
        List<Object> parts = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0 && parts.size() != limit; at = text.indexOf(separator, from)) {
            parts.add(text.substring(from, at));
            from = at + separator.length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static List<Object> splitAtSpace(String text, long limit) {
        List<Object> parts = new ArrayList<>();
        String rest = PythonText.lstrip(text);
        while (!rest.isEmpty()) {
            if (parts.size() == limit) {
                parts.add(rest);
                return parts;
            }
            int end = 0;
            while (end < rest.length() && !PythonText.isSpace(rest.charAt(end))) end++;
            parts.add(rest.substring(0, end));
            rest = PythonText.lstrip(rest.substring(end));
        }
        return parts;
    }

    private static List<Object> splitFromEnd(String text, String separator, long limit) {
        List<Object> parts = splitAt(text, separator, -1);
        while (limit >= 0 && parts.size() > limit + 1) {
            Object first = parts.removeFirst();
            parts.set(0, first + separator + parts.getFirst());
        }
        return parts;
    }

    private static List<String> prefixes(Object argument) {
        if (argument instanceof String one) return List.of(one);
        return Values.elements(argument).stream().map(PythonText::str).toList();
    }

    private static String removePrefix(String text, String prefix) {
        return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
    }

    private static String removeSuffix(String text, String suffix) {
        return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
    }

    private static Object position(String text, int at) {
        return at < 0 ? -1L : (long) text.codePointCount(0, at);
    }

    private static Object count(String text, String part) {
        if (part.isEmpty()) return Values.length(text) + 1;
        return (long) splitAt(text, part, -1).size() - 1;
    }

    private static boolean all(String text, IntPredicate predicate) {
        return !text.isEmpty() && text.codePoints().allMatch(predicate);
    }
}
