package dev.sinq4j.tokenizer.jinja;

import java.util.List;

/** A position in a template's tokens. */
final class TokenStream {

    private final List<Token> tokens;
    private int at;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(at);
    }

    /** The token after the current one. */
    Token following() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token take() {
        Token token = current();
        if (token.kind() != Token.Kind.END) at++;
        return token;
    }

    boolean skipOperator(String operator) {
        boolean found = current().isOperator(operator);
        if (found) at++;
        return found;
    }

    boolean skipName(String name) {
        boolean found = current().isName(name);
        if (found) at++;
        return found;
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) throw unexpected("'" + operator + "'");
    }

    Token expect(Token.Kind kind, String expected) {
        if (current().kind() != kind) throw unexpected(expected);
        return take();
    }

    JinjaException unexpected(String expected) {
        Token token = current();
        String found = switch (token.kind()) {
            case END -> "the end of the template";
            case BLOCK_END -> "'%}'";
            case OUTPUT_END -> "'}}'";
            default -> "'" + token.text() + "'";
        };
        return new JinjaException("expected " + expected + ", found " + found, token.line());
    }
}
