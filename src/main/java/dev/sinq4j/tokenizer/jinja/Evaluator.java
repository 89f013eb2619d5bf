package dev.sinq4j.tokenizer.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values of expressions. */
final class Evaluator {

    private Evaluator() {}

    static Object evaluate(Expression expression, Scope scope) {
        return switch (expression) {
            case Expression.Literal literal -> literal.value();
            case Expression.Name name -> scope.get(name.name());
            case Expression.ListOf list -> all(list.elements(), scope);
            case Expression.TupleOf tuple -> new Tuple(all(tuple.elements(), scope));
            case Expression.DictOf dict -> dict(dict, scope);
            case Expression.Attribute a -> Members.attribute(evaluate(a.target(), scope), a.name());
            case Expression.Item item -> Members.item(evaluate(item.target(), scope), evaluate(item.key(), scope));
            case Expression.Slice s ->
                Members.slice(
                        evaluate(s.target(), scope),
                        maybe(s.from(), scope),
                        maybe(s.to(), scope),
                        maybe(s.step(), scope));
            case Expression.Call call -> call(evaluate(call.callee(), scope), arguments(call.inputs(), scope));
            case Expression.Filter filter -> filter(filter, scope);
            case Expression.Test test ->
                Predicates.test(test.name(), evaluate(test.target(), scope), arguments(test.inputs(), scope));
            case Expression.Unary unary -> unary(unary, scope);
            case Expression.Binary b ->
                Arithmetic.apply(b.operator(), evaluate(b.left(), scope), evaluate(b.right(), scope));
            case Expression.And and -> {
                Object left = evaluate(and.left(), scope);
                yield Values.isTrue(left) ? evaluate(and.right(), scope) : left;
            }
            case Expression.Or or -> {
                Object left = evaluate(or.left(), scope);
                yield Values.isTrue(left) ? left : evaluate(or.right(), scope);
            }
            case Expression.Comparison comparison -> compare(comparison, scope);
            case Expression.Conditional c -> conditional(c, scope);
        };
    }

    static Arguments arguments(Expression.Inputs inputs, Scope scope) {
        Map<String, Object> named = new LinkedHashMap<>();
        inputs.named().forEach((name, value) -> named.put(name, evaluate(value, scope)));
        return new Arguments(all(inputs.positional(), scope), named);
    }

    static Object call(Object callee, Arguments arguments) {
        return switch (callee) {
            case Callable callable -> callable.call(arguments);
            case Undefined undefined -> throw undefined.used();
            default -> throw new JinjaException(Values.type(callee) + " cannot be called");
        };
    }

    private static List<Object> all(List<Expression> expressions, Scope scope) {
        List<Object> values = new ArrayList<>();
        for (Expression expression : expressions) values.add(evaluate(expression, scope));
        return values;
    }

    private static Object dict(Expression.DictOf dict, Scope scope) {
        Map<Object, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < dict.keys().size(); i++)
            values.put(
                    evaluate(dict.keys().get(i), scope), evaluate(dict.values().get(i), scope));
        return values;
    }

    private static @Nullable Object maybe(@Nullable Expression expression, Scope scope) {
        return expression == null ? null : evaluate(expression, scope);
    }

    private static Object filter(Expression.Filter filter, Scope scope) {
        Object value = evaluate(filter.target(), scope);
        return Filters.apply(filter.name(), value, arguments(filter.inputs(), scope));
    }

    private static Object unary(Expression.Unary unary, Scope scope) {
        Object operand = evaluate(unary.operand(), scope);
        return switch (unary.operator()) {
            case "not" -> !Values.isTrue(operand);
            case "-" -> Arithmetic.negate(operand);
            default -> operand;
        };
    }

    private static Object conditional(Expression.Conditional conditional, Scope scope) {
        if (Values.isTrue(evaluate(conditional.condition(), scope))) return evaluate(conditional.then(), scope);
        if (conditional.otherwise() == null) return new Undefined("a conditional without else");
        return evaluate(conditional.otherwise(), scope);
    }

    private static Object compare(Expression.Comparison comparison, Scope scope) {
        Object left = evaluate(comparison.first(), scope);
        for (int i = 0; i < comparison.operators().size(); i++) {
            Object right = evaluate(comparison.rest().get(i), scope);
            if (!holds(comparison.operators().get(i), left, right)) return false;
            left = right;
        }
        return true;
    }

    private static boolean holds(String operator, Object left, Object right) {
        return switch (operator) {
            case "==" -> Values.equal(left, right);
            case "!=" -> !Values.equal(left, right);
            case "in" -> Values.contains(right, left);
            case "not in" -> !Values.contains(right, left);
            case "<" -> Values.compare(left, right) < 0;
            case "<=" -> Values.compare(left, right) <= 0;
            case ">" -> Values.compare(left, right) > 0;
            default -> Values.compare(left, right) >= 0;
        };
    }
}
