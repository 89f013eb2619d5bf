package dev.sinq4j.task;

import java.util.Locale;

/** What Python's text methods do where Java's differ. */
final class PythonText {

    private PythonText() {}

    /** {@code str.strip()}: what Unicode and Python call blank goes, the no-break space too. */
    static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) from++;
        while (to > from && isSpace(text.charAt(to - 1))) to--;
        return text.substring(from, to);
    }

    /** {@code str.rstrip()}. */
    static String stripEnd(String text) {
        int to = text.length();
        while (to > 0 && isSpace(text.charAt(to - 1))) to--;
        return text.substring(0, to);
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }

    /** {@code str.capitalize()}: the first character in title case, all others small. */
    static String capitalize(String text) {
        if (text.isEmpty()) return text;
        int first = text.codePointAt(0);
        int rest = Character.charCount(first);
        return Character.toString(Character.toTitleCase(first))
                + text.substring(rest).toLowerCase(Locale.ROOT);
    }

    /** {@code len(str)}: characters of Unicode. */
    static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
