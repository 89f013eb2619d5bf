package dev.sinq4j.tokenizer.jinja;

/**
 * A piece of a template.
 *
 * @param text the text itself, a name, an operator, a number's digits, or a string's value
 * @param line from 1
 */
record Token(Kind kind, String text, int line) {

    enum Kind {
        TEXT,
        BLOCK_BEGIN,
        BLOCK_END,
        OUTPUT_BEGIN,
        OUTPUT_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean isOperator(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }
}
