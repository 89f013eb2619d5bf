package dev.sinq4j.tokenizer.jinja;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads single tokens inside a tag. */
final class ExpressionLexer {

    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}\\p{M}_]*");
    private static final Pattern NUMBER = Pattern.compile("\\d+(?:_\\d+)*((?:\\.\\d+(?:_\\d+)*)?(?:[eE][+-]?\\d+)?)");
    private static final Pattern STRING =
            Pattern.compile("'((?:[^'\\\\]++|\\\\.)*+)'|\"((?:[^\"\\\\]++|\\\\.)*+)\"", Pattern.DOTALL);
    private static final Pattern OPERATOR = Pattern.compile("\\*\\*|//|==|!=|<=|>=|[-+*/%~<>=.:|,()\\[\\]{}]");

    private ExpressionLexer() {}

    /** @param length characters of the template the token takes */
    record Piece(Token.Kind kind, String text, int length) {}

    static Piece at(String source, int at, int line) {
        Matcher string = matcher(STRING, source, at);
        if (string.lookingAt()) {
            String body = string.group(1) != null ? string.group(1) : string.group(2);
            return new Piece(Token.Kind.STRING, unescape(body, line), string.end() - at);
        }
        Matcher number = matcher(NUMBER, source, at);
        if (number.lookingAt()) {
            Token.Kind kind = number.group(1).isEmpty() ? Token.Kind.INTEGER : Token.Kind.FLOAT;
            return new Piece(kind, number.group().replace("_", ""), number.end() - at);
        }
        Matcher name = matcher(NAME, source, at);
        if (name.lookingAt()) return new Piece(Token.Kind.NAME, name.group(), name.end() - at);
        Matcher operator = matcher(OPERATOR, source, at);
        if (operator.lookingAt()) return new Piece(Token.Kind.OPERATOR, operator.group(), operator.end() - at);
        throw new JinjaException("unexpected character '" + source.charAt(at) + "'", line);
    }

    private static Matcher matcher(Pattern pattern, String source, int at) {
        return pattern.matcher(source).region(at, source.length());
    }

    /** Python's escapes; an unknown one stays as it is, backslash and all. */
    private static String unescape(String body, int line) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c != '\\' || i + 1 == body.length()) {
                text.append(c);
                continue;
            }
            char escape = body.charAt(++i);
            int simple = "\\'\"abfnrtv".indexOf(escape);
            int digits = escape == 'x' ? 2 : escape == 'u' ? 4 : escape == 'U' ? 8 : 0;
            if (simple >= 0) text.append("\\'\"\u0007\b\f\n\r\t\u000B".charAt(simple));
            else if (digits > 0) i += appendHex(body, i + 1, digits, text, line);
            else if (escape >= '0' && escape <= '7') i += appendOctal(body, i, text);
            else if (escape != '\n') text.append('\\').append(escape);
        }
        return text.toString();
    }

    private static int appendHex(String body, int from, int digits, StringBuilder text, int line) {
        int end = Math.min(body.length(), from + digits);
        try {
            text.appendCodePoint(Integer.parseInt(body.substring(from, end), 16));
            return digits;
        } catch (IllegalArgumentException e) {
            throw new JinjaException("not a character: \\" + body.substring(from - 1, end), line);
        }
    }

    /** Up to three octal digits; returns how many after the first. */
    private static int appendOctal(String body, int from, StringBuilder text) {
        int end = from;
        int value = 0;
        while (end < body.length() && end < from + 3 && body.charAt(end) >= '0' && body.charAt(end) <= '7')
            value = value * 8 + body.charAt(end++) - '0';
        text.appendCodePoint(value);
        return end - from - 1;
    }
}
