package dev.sinq4j.data;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** String literals in Python source, as far as the reference's prompts need them: triple-quoted, simple escapes. */
final class PythonStrings {

    private PythonStrings() {}

    /**
     * The triple-quoted strings assigned to variables, in order.
     *
     * @param variable regular expression of the variables' names
     */
    static List<String> assignedTo(String variable, String source) {
        Matcher literal = Pattern.compile("\\b(?:" + variable + ")\\s*=\\s*\"\"\"(.*?)(?<!\\\\)\"\"\"", Pattern.DOTALL)
                .matcher(source);
        List<String> values = new ArrayList<>();
        while (literal.find()) values.add(unescape(literal.group(1)));
        return values;
    }

    private static String unescape(String literal) {
        StringBuilder value = new StringBuilder(literal.length());
        for (int i = 0; i < literal.length(); i++) {
            char c = literal.charAt(i);
            if (c != '\\' || i + 1 == literal.length()) {
                value.append(c);
                continue;
            }
            char escaped = literal.charAt(++i);
            switch (escaped) {
                case 'n' -> value.append('\n');
                case 't' -> value.append('\t');
                case 'r' -> value.append('\r');
                case '\n' -> {} // a line continued
                case '\\', '"', '\'' -> value.append(escaped);
                default -> value.append('\\').append(escaped); // Python keeps what is no escape
            }
        }
        return value.toString();
    }
}
