package dev.sinq4j.tokenizer.jinja;

import dev.sinq4j.tokenizer.jinja.Expression.Inputs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses expressions, loosest binding first.
 *
 * <pre>
 *   a if c else b  &lt;  or  &lt;  and  &lt;  not  &lt;  == != &lt; &lt;= &gt; &gt;= in, not in  &lt;  + -  &lt;  ~  &lt;  * / // %  &lt;  **  &lt;  - +
 *   &lt;  .name [key] (arguments) |filter "is test"
 * </pre>
 */
final class ExpressionParser {

    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> NO_TEST_ARGUMENT = Set.of("else", "or", "and", "is", "if", "not", "in");

    private final TokenStream tokens;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
    }

    /** An expression, or several separated by commas, which make a tuple. */
    Expression parseTuple() {
        Expression first = parse();
        if (!tokens.current().isOperator(",")) return first;
        List<Expression> elements = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",")) {
            if (isEnd()) break;
            elements.add(parse());
        }
        return new Expression.TupleOf(elements);
    }

    Expression parse() {
        Expression value = parseOr();
        while (tokens.skipName("if")) {
            Expression condition = parseOr();
            @Nullable Expression otherwise = tokens.skipName("else") ? parse() : null;
            value = new Expression.Conditional(condition, value, otherwise);
        }
        return value;
    }

    /** An expression without a conditional around it, as a loop's items are. */
    Expression parseOr() {
        Expression left = parseAnd();
        while (tokens.skipName("or")) left = new Expression.Or(left, parseAnd());
        return left;
    }

    private Expression parseAnd() {
        Expression left = parseNot();
        while (tokens.skipName("and")) left = new Expression.And(left, parseNot());
        return left;
    }

    private Expression parseNot() {
        return tokens.skipName("not") ? new Expression.Unary("not", parseNot()) : parseComparison();
    }

    private Expression parseComparison() {
        Expression first = parseSum();
        List<String> operators = new ArrayList<>();
        List<Expression> rest = new ArrayList<>();
        while (true) {
            Token token = tokens.current();
            if (token.kind() == Token.Kind.OPERATOR && COMPARISONS.contains(token.text())) {
                operators.add(tokens.take().text());
            } else if (tokens.skipName("in")) {
                operators.add("in");
            } else if (token.isName("not") && tokens.following().isName("in")) {
                tokens.take();
                tokens.take();
                operators.add("not in");
            } else {
                return operators.isEmpty() ? first : new Expression.Comparison(first, operators, rest);
            }
            rest.add(parseSum());
        }
    }

    private Expression parseSum() {
        Expression left = parseJoined();
        while (tokens.current().isOperator("+") || tokens.current().isOperator("-"))
            left = new Expression.Binary(tokens.take().text(), left, parseJoined());
        return left;
    }

    private Expression parseJoined() {
        Expression left = parseProduct();
        while (tokens.skipOperator("~")) left = new Expression.Binary("~", left, parseProduct());
        return left;
    }

    private Expression parseProduct() {
        Expression left = parsePower();
        while (tokens.current().kind() == Token.Kind.OPERATOR
                && Set.of("*", "/", "//", "%").contains(tokens.current().text()))
            left = new Expression.Binary(tokens.take().text(), left, parsePower());
        return left;
    }

    private Expression parsePower() {
        Expression left = parseUnary(true);
        while (tokens.skipOperator("**")) left = new Expression.Binary("**", left, parseUnary(true));
        return left;
    }

    private Expression parseUnary(boolean filtered) {
        Expression value = tokens.current().isOperator("-") || tokens.current().isOperator("+")
                ? new Expression.Unary(tokens.take().text(), parseUnary(false))
                : parsePostfix(parsePrimary());
        return filtered ? parseFiltered(value) : value;
    }

    private Expression parsePrimary() {
        Token token = tokens.take();
        return switch (token.kind()) {
            case STRING -> {
                StringBuilder text = new StringBuilder(token.text());
                while (tokens.current().kind() == Token.Kind.STRING)
                    text.append(tokens.take().text());
                yield new Expression.Literal(text.toString());
            }
            case INTEGER -> new Expression.Literal(integer(token));
            case FLOAT -> new Expression.Literal(Double.parseDouble(token.text()));
            case NAME -> nameOrConstant(token.text());
            case OPERATOR -> parseBracketed(token);
            default -> throw new JinjaException("expected an expression", token.line());
        };
    }

    private static Long integer(Token token) {
        try {
            return Long.parseLong(token.text());
        } catch (NumberFormatException e) {
            throw new JinjaException("the number " + token.text() + " is too large", token.line());
        }
    }

    private static Expression nameOrConstant(String name) {
        return switch (name) {
            case "true", "True" -> new Expression.Literal(true);
            case "false", "False" -> new Expression.Literal(false);
            case "none", "None" -> new Expression.Literal(None.NONE);
            default -> new Expression.Name(name);
        };
    }

    private Expression parseBracketed(Token opening) {
        return switch (opening.text()) {
            case "(" -> parseParenthesis();
            case "[" -> parseList();
            case "{" -> parseDict();
            default -> throw new JinjaException("unexpected '" + opening.text() + "'", opening.line());
        };
    }

    private Expression parseParenthesis() {
        if (tokens.skipOperator(")")) return new Expression.TupleOf(List.of());
        Expression inside = parseTuple();
        tokens.expectOperator(")");
        return inside;
    }

    private Expression parseList() {
        List<Expression> elements = new ArrayList<>();
        while (!tokens.skipOperator("]")) {
            elements.add(parse());
            if (!tokens.current().isOperator("]")) tokens.expectOperator(",");
        }
        return new Expression.ListOf(elements);
    }

    private Expression parseDict() {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.skipOperator("}")) {
            keys.add(parse());
            tokens.expectOperator(":");
            values.add(parse());
            if (!tokens.current().isOperator("}")) tokens.expectOperator(",");
        }
        return new Expression.DictOf(keys, values);
    }

    private Expression parsePostfix(Expression start) {
        Expression value = start;
        while (true) {
            if (tokens.skipOperator(".")) value = parseMember(value);
            else if (tokens.skipOperator("[")) value = parseSubscript(value);
            else if (tokens.current().isOperator("(")) value = new Expression.Call(value, parseInputs());
            else return value;
        }
    }

    private Expression parseMember(Expression target) {
        if (tokens.current().kind() == Token.Kind.INTEGER)
            return new Expression.Item(target, new Expression.Literal(integer(tokens.take())));
        return new Expression.Attribute(
                target, tokens.expect(Token.Kind.NAME, "a name").text());
    }

    private Expression parseSubscript(Expression target) {
        @Nullable Expression from = tokens.current().isOperator(":") ? null : parse();
        if (from != null && tokens.skipOperator("]")) return new Expression.Item(target, from);
        tokens.expectOperator(":");
        @Nullable Expression to = isSliceEnd() ? null : parse();
        @Nullable Expression step = tokens.skipOperator(":") && !isSliceEnd() ? parse() : null;
        tokens.expectOperator("]");
        return new Expression.Slice(target, from, to, step);
    }

    private boolean isSliceEnd() {
        return tokens.current().isOperator("]") || tokens.current().isOperator(":");
    }

    private Expression parseFiltered(Expression start) {
        Expression value = start;
        while (true) {
            if (tokens.current().isOperator("|")) value = parseFilters(value);
            else if (tokens.skipName("is")) value = parseTest(value);
            else if (tokens.current().isOperator("(")) value = new Expression.Call(value, parseInputs());
            else return value;
        }
    }

    /** {@code |name(arguments)}, once or more. */
    Expression parseFilters(Expression start) {
        Expression value = start;
        while (tokens.skipOperator("|")) value = parseFilter(value);
        return value;
    }

    /** {@code name(arguments)} behind a bar or the word filter. */
    Expression parseFilter(Expression target) {
        String name = tokens.expect(Token.Kind.NAME, "a filter").text();
        return new Expression.Filter(target, name, tokens.current().isOperator("(") ? parseInputs() : Inputs.NONE);
    }

    private Expression parseTest(Expression target) {
        boolean negated = tokens.skipName("not");
        String name = tokens.expect(Token.Kind.NAME, "a test").text();
        Inputs inputs = Inputs.NONE;
        if (tokens.current().isOperator("(")) inputs = parseInputs();
        else if (startsTestArgument()) inputs = new Inputs(List.of(parsePostfix(parsePrimary())), Map.of());
        Expression test = new Expression.Test(target, name, inputs);
        return negated ? new Expression.Unary("not", test) : test;
    }

    private boolean startsTestArgument() {
        Token token = tokens.current();
        return switch (token.kind()) {
            case NAME -> !NO_TEST_ARGUMENT.contains(token.text());
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> token.isOperator("[") || token.isOperator("{");
            default -> false;
        };
    }

    /** Arguments in parentheses. */
    Inputs parseInputs() {
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        tokens.expectOperator("(");
        while (!tokens.skipOperator(")")) {
            if (tokens.current().kind() == Token.Kind.NAME && tokens.following().isOperator("=")) {
                String name = tokens.take().text();
                tokens.take();
                named.put(name, parse());
            } else {
                positional.add(parse());
            }
            if (!tokens.current().isOperator(")")) tokens.expectOperator(",");
        }
        return new Inputs(positional, named);
    }

    private boolean isEnd() {
        return switch (tokens.current().kind()) {
            case BLOCK_END, OUTPUT_END, END -> true;
            case OPERATOR -> tokens.current().isOperator(")");
            default -> tokens.current().isName("if");
        };
    }
}
