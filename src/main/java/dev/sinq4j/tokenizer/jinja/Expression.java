package dev.sinq4j.tokenizer.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What has a value. */
sealed interface Expression {

    record Literal(Object value) implements Expression {}

    record Name(String name) implements Expression {}

    record ListOf(List<Expression> elements) implements Expression {}

    record TupleOf(List<Expression> elements) implements Expression {}

    record DictOf(List<Expression> keys, List<Expression> values) implements Expression {}

    record Attribute(Expression target, String name) implements Expression {}

    record Item(Expression target, Expression key) implements Expression {}

    record Slice(
            Expression target,
            @Nullable Expression from,
            @Nullable Expression to,
            @Nullable Expression step) implements Expression {}

    record Call(Expression callee, Inputs inputs) implements Expression {}

    record Filter(Expression target, String name, Inputs inputs) implements Expression {}

    record Test(Expression target, String name, Inputs inputs) implements Expression {}

    /** @param operator {@code -}, {@code +} or {@code not} */
    record Unary(String operator, Expression operand) implements Expression {}

    record Binary(String operator, Expression left, Expression right) implements Expression {}

    record And(Expression left, Expression right) implements Expression {}

    record Or(Expression left, Expression right) implements Expression {}

    /** {@code first op[0] rest[0] op[1] rest[1] ...}: true if every neighbouring pair compares so. */
    record Comparison(Expression first, List<String> operators, List<Expression> rest) implements Expression {}

    record Conditional(
            Expression condition, Expression then, @Nullable Expression otherwise) implements Expression {}

    /** Arguments not evaluated yet. */
    record Inputs(List<Expression> positional, Map<String, Expression> named) {

        static final Inputs NONE = new Inputs(List.of(), Map.of());
    }
}
