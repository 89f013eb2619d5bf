package dev.sinq4j.tokenizer.jinja;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;

/** A parsed template; immutable. */
public final class Template {

    private final List<Statement> statements;

    private Template(List<Statement> statements) {
        this.statements = statements;
    }

    /** @throws JinjaException with a line, if the text is no template this engine knows */
    public static Template parse(String source) {
        try {
            return new Template(TemplateParser.parse(source));
        } catch (StackOverflowError e) {
            throw new JinjaException("nested too deeply");
        }
    }

    /**
     * Renders the template.
     *
     * @param variables strings, numbers, booleans, null, lists and maps of these
     * @param now       the time {@code strftime_now} tells
     * @throws JinjaException with a line, if a value cannot be used as the template does, or the template raises an exception
     */
    public String render(Map<String, ?> variables, LocalDateTime now) {
        Scope scope = new Scope(Functions.scope(now));
        variables.forEach((name, value) -> scope.set(name, Values.of(value)));
        try {
            return Renderer.render(statements, new Scope(scope));
        } catch (StackOverflowError e) {
            throw new JinjaException("nested too deeply");
        }
    }
}
