package dev.sinq4j.tokenizer.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a template does, in order. */
sealed interface Statement {

    /** Line of the template, from 1. */
    int line();

    record Text(int line, String text) implements Statement {}

    record Output(int line, Expression value) implements Statement {}

    record If(int line, Expression condition, List<Statement> then, List<Statement> otherwise) implements Statement {}

    /**
     * @param names     one, or several to take each item apart
     * @param condition items for which it is false are left out before counting
     */
    record For(
            int line,
            List<String> names,
            Expression items,
            @Nullable Expression condition,
            List<Statement> body,
            List<Statement> otherwise)
            implements Statement {}

    /** @param attribute set on the namespace called by the only name; otherwise the names are variables */
    record Set(int line, List<String> names, @Nullable String attribute, Expression value) implements Statement {}

    /** Sets a variable to rendered text. */
    record SetBlock(int line, String name, Expression filtered, List<Statement> body) implements Statement {}

    /** @param defaults of the parameters that have one */
    record Macro(int line, String name, List<String> parameters, Map<String, Expression> defaults, List<Statement> body)
            implements Statement {}

    /** Calls a macro whose {@code caller()} is the body. */
    record CallBlock(int line, Expression.Call call, List<Statement> body) implements Statement {}

    /** {@code filter} and {@code generation}: the body rendered, then filtered. */
    record FilterBlock(int line, Expression filtered, List<Statement> body) implements Statement {}

    /** Variables that live in the body only. */
    record With(int line, Map<String, Expression> variables, List<Statement> body) implements Statement {}

    record Break(int line) implements Statement {}

    record Continue(int line) implements Statement {}
}
