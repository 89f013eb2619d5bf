package dev.sinq4j.tokenizer.jinja;

/** A template that cannot be parsed or rendered, or that refuses its input. */
public final class JinjaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int line;
    private final boolean raisedByTemplate;

    private JinjaException(String message, int line, boolean raisedByTemplate) {
        super(message);
        this.line = line;
        this.raisedByTemplate = raisedByTemplate;
    }

    JinjaException(String message) {
        this(message, 0, false);
    }

    JinjaException(String message, int line) {
        this(message, line, false);
    }

    /** What {@code raise_exception(message)} in a template throws. */
    static JinjaException raised(String message) {
        return new JinjaException(message, 0, true);
    }

    /** The same with the line of the statement, unless a line is known already. */
    JinjaException at(int statementLine) {
        return line > 0 ? this : new JinjaException(String.valueOf(getMessage()), statementLine, raisedByTemplate);
    }

    /** Line of the template, from 1; 0 if unknown. */
    public int line() {
        return line;
    }

    /** Whether the template itself refused its input, rather than failed. */
    public boolean raisedByTemplate() {
        return raisedByTemplate;
    }
}
