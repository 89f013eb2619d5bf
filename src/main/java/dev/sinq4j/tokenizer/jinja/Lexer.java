package dev.sinq4j.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into text and tags, with trim_blocks and lstrip_blocks on, as transformers has them.
 *
 * <pre>
 *   {%- -%}   all white space on that side goes, also for {{- -}} and {#- -#}
 *   {%        white space back to the start of the line goes, if nothing else stands there; {%+ keeps it
 *   %}        one newline after it goes; +%} keeps it; the same for #} but not for }}
 * </pre>
 *
 * One newline at the end of the template is dropped.
 */
final class Lexer {

    private static final Pattern OPENING = Pattern.compile("\\{([%{#])([-+]?)");
    private static final Pattern RAW = Pattern.compile("\\s*raw\\s*(-?)%\\}", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*(-?)%\\}");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private int lineCountedTo;
    /** Whether what was consumed last ends a line. */
    private boolean atLineStart = true;

    private Lexer(String source) {
        String normalized = source.replace("\r\n", "\n").replace('\r', '\n');
        this.source = normalized.endsWith("\n") ? normalized.substring(0, normalized.length() - 1) : normalized;
    }

    static List<Token> tokens(String source) {
        Lexer lexer = new Lexer(source);
        while (lexer.at < lexer.source.length()) lexer.next();
        lexer.add(Token.Kind.END, "");
        return lexer.tokens;
    }

    private void next() {
        Matcher opening = OPENING.matcher(source);
        if (!opening.find(at)) {
            addText(source.substring(at));
            at = source.length();
            return;
        }
        char kind = opening.group(1).charAt(0);
        addText(leading(source.substring(at, opening.start()), opening.group(2), kind != '{'));
        at = opening.end();
        switch (kind) {
            case '#' -> skipComment();
            case '{' -> tag(Token.Kind.OUTPUT_BEGIN, Token.Kind.OUTPUT_END, "}}");
            default -> {
                Matcher raw = RAW.matcher(source).region(at, source.length());
                if (raw.lookingAt()) raw(raw);
                else tag(Token.Kind.BLOCK_BEGIN, Token.Kind.BLOCK_END, "%}");
            }
        }
    }

    /** Text before a tag, shortened as the tag asks. */
    private String leading(String text, String sign, boolean block) {
        if (sign.equals("-")) return PythonText.rstrip(text);
        if (sign.equals("+") || !block) return text;
        int lineStart = text.lastIndexOf('\n') + 1;
        boolean blank = PythonText.strip(text.substring(lineStart)).isEmpty();
        return blank && (lineStart > 0 || atLineStart) ? text.substring(0, lineStart) : text;
    }

    private void skipComment() {
        int end = source.indexOf("#}", at);
        if (end < 0) throw new JinjaException("a comment is not closed", line());
        char sign = end > at ? source.charAt(end - 1) : ' ';
        at = end + 2;
        afterTag(sign == '-' ? "-" : sign == '+' ? "+" : "", true);
    }

    private void raw(Matcher opening) {
        at = opening.end();
        afterTag(opening.group(1), false);
        Matcher end = END_RAW.matcher(source);
        if (!end.find(at)) throw new JinjaException("{% raw %} is not closed", line());
        addText(leading(source.substring(at, end.start()), end.group(1), true));
        at = end.end();
        afterTag(end.group(2), true);
    }

    private void tag(Token.Kind begin, Token.Kind end, String closing) {
        add(begin, "");
        int depth = 0;
        while (true) {
            while (at < source.length() && PythonText.isSpace(source.charAt(at))) at++;
            if (at == source.length()) throw new JinjaException("a tag is not closed", line());
            boolean signed = source.startsWith(closing, at + 1) && "-+".indexOf(source.charAt(at)) >= 0;
            if (depth == 0 && (signed || source.startsWith(closing, at))) {
                String sign = signed ? source.substring(at, at + 1) : "";
                if (!(sign.equals("+") && end == Token.Kind.OUTPUT_END)) {
                    add(end, "");
                    at += sign.length() + closing.length();
                    afterTag(sign, end == Token.Kind.BLOCK_END);
                    return;
                }
            }
            depth += expressionToken();
        }
    }

    private void afterTag(String sign, boolean block) {
        int before = at;
        if (sign.equals("-")) while (at < source.length() && PythonText.isSpace(source.charAt(at))) at++;
        else if (block && !sign.equals("+") && source.startsWith("\n", at)) at++;
        atLineStart = at > before && source.charAt(at - 1) == '\n';
    }

    /** One token of an expression; returns by how much it changes the depth of brackets. */
    private int expressionToken() {
        ExpressionLexer.Piece piece = ExpressionLexer.at(source, at, line());
        add(piece.kind(), piece.text());
        at += piece.length();
        if (piece.kind() != Token.Kind.OPERATOR) return 0;
        return switch (piece.text()) {
            case "(", "[", "{" -> 1;
            case ")", "]", "}" -> -1;
            default -> 0;
        };
    }

    private void addText(String text) {
        if (!text.isEmpty()) add(Token.Kind.TEXT, text);
    }

    private void add(Token.Kind kind, String text) {
        tokens.add(new Token(kind, text, line()));
    }

    private int line() {
        for (; lineCountedTo < Math.min(at, source.length()); lineCountedTo++)
            if (source.charAt(lineCountedTo) == '\n') line++;
        return line;
    }
}
