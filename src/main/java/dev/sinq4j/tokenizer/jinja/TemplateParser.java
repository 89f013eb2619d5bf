package dev.sinq4j.tokenizer.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses a whole template into statements. */
final class TemplateParser {

    /** Stands for the rendered body in the filters of a block. */
    static final String BODY = "{body}";

    private final TokenStream tokens;
    private final ExpressionParser expressions;

    private TemplateParser(TokenStream tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    static List<Statement> parse(String source) {
        TemplateParser parser = new TemplateParser(new TokenStream(Lexer.tokens(source)));
        List<Statement> statements = parser.statements(Set.of());
        if (parser.tokens.current().kind() != Token.Kind.END) throw parser.tokens.unexpected("the end of the template");
        return statements;
    }

    /** Statements up to a block that starts with one of the words; that block's opening and word are left. */
    private List<Statement> statements(Set<String> ends) {
        List<Statement> statements = new ArrayList<>();
        while (tokens.current().kind() != Token.Kind.END) {
            Token token = tokens.current();
            if (token.kind() == Token.Kind.BLOCK_BEGIN
                    && ends.contains(tokens.following().text())) return statements;
            tokens.take();
            switch (token.kind()) {
                case TEXT -> statements.add(new Statement.Text(token.line(), token.text()));
                case OUTPUT_BEGIN -> {
                    statements.add(new Statement.Output(token.line(), expressions.parseTuple()));
                    tokens.expect(Token.Kind.OUTPUT_END, "'}}'");
                }
                default -> statements.add(block(token.line()));
            }
        }
        if (!ends.isEmpty())
            throw tokens.unexpected("{% " + String.join(" %} or {% ", new java.util.TreeSet<>(ends)) + " %}");
        return statements;
    }

    private Statement block(int line) {
        String word = tokens.expect(Token.Kind.NAME, "a statement").text();
        return switch (word) {
            case "if" -> parseIf(line);
            case "for" -> parseFor(line);
            case "set" -> parseSet(line);
            case "macro" -> parseMacro(line);
            case "call" -> parseCall(line);
            case "with" -> parseWith(line);
            case "filter" -> {
                Expression filtered = expressions.parseFilters(expressions.parseFilter(new Expression.Name(BODY)));
                yield new Statement.FilterBlock(line, filtered, body("endfilter"));
            }
            case "generation" -> new Statement.FilterBlock(line, new Expression.Name(BODY), body("endgeneration"));
            case "break" -> {
                endBlock();
                yield new Statement.Break(line);
            }
            case "continue" -> {
                endBlock();
                yield new Statement.Continue(line);
            }
            default -> throw new JinjaException("the statement {% " + word + " %} is unknown here", line);
        };
    }

    private Statement parseIf(int line) {
        Expression condition = expressions.parseTuple();
        endBlock();
        List<Statement> then = statements(Set.of("elif", "else", "endif"));
        tokens.take();
        Token word = tokens.take();
        if (word.isName("elif")) return new Statement.If(line, condition, then, List.of(parseIf(word.line())));
        endBlock();
        List<Statement> otherwise = word.isName("else") ? closed("endif") : List.of();
        return new Statement.If(line, condition, then, otherwise);
    }

    private Statement parseFor(int line) {
        List<String> names = names();
        if (!tokens.skipName("in")) throw tokens.unexpected("'in'");
        Expression items = expressions.parseOr();
        if (tokens.skipOperator(",")) throw new JinjaException("a loop over several values needs parentheses", line);
        @Nullable Expression condition = tokens.skipName("if") ? expressions.parse() : null;
        if (tokens.current().isName("recursive")) throw new JinjaException("recursive loops are not supported", line);
        endBlock();
        List<Statement> body = statements(Set.of("else", "endfor"));
        tokens.take();
        boolean hasElse = tokens.take().isName("else");
        endBlock();
        return new Statement.For(line, names, items, condition, body, hasElse ? closed("endfor") : List.of());
    }

    private Statement parseSet(int line) {
        List<String> names = names();
        @Nullable
        String attribute = names.size() == 1 && tokens.skipOperator(".")
                ? tokens.expect(Token.Kind.NAME, "a name").text()
                : null;
        if (tokens.skipOperator("=")) {
            Expression value = expressions.parseTuple();
            endBlock();
            return new Statement.Set(line, names, attribute, value);
        }
        if (attribute != null || names.size() > 1) throw tokens.unexpected("'='");
        Expression filtered = expressions.parseFilters(new Expression.Name(BODY));
        return new Statement.SetBlock(line, names.getFirst(), filtered, body("endset"));
    }

    private Statement parseMacro(int line) {
        String name = tokens.expect(Token.Kind.NAME, "a name").text();
        List<String> parameters = new ArrayList<>();
        Map<String, Expression> defaults = new LinkedHashMap<>();
        tokens.expectOperator("(");
        while (!tokens.skipOperator(")")) {
            String parameter = tokens.expect(Token.Kind.NAME, "a parameter").text();
            parameters.add(parameter);
            if (tokens.skipOperator("=")) defaults.put(parameter, expressions.parse());
            if (!tokens.current().isOperator(")")) tokens.expectOperator(",");
        }
        return new Statement.Macro(line, name, parameters, defaults, body("endmacro"));
    }

    private Statement parseCall(int line) {
        if (!(expressions.parse() instanceof Expression.Call call))
            throw new JinjaException("{% call %} needs a call", line);
        return new Statement.CallBlock(line, call, body("endcall"));
    }

    private Statement parseWith(int line) {
        Map<String, Expression> variables = new LinkedHashMap<>();
        while (tokens.current().kind() != Token.Kind.BLOCK_END) {
            String name = tokens.expect(Token.Kind.NAME, "a name").text();
            tokens.expectOperator("=");
            variables.put(name, expressions.parse());
            if (tokens.current().kind() != Token.Kind.BLOCK_END) tokens.expectOperator(",");
        }
        return new Statement.With(line, variables, body("endwith"));
    }

    /** One name, or several separated by commas, perhaps in parentheses. */
    private List<String> names() {
        boolean bracketed = tokens.skipOperator("(");
        List<String> names = new ArrayList<>();
        do names.add(tokens.expect(Token.Kind.NAME, "a name").text());
        while (tokens.skipOperator(",") && tokens.current().kind() == Token.Kind.NAME);
        if (bracketed) tokens.expectOperator(")");
        return names;
    }

    /** The rest of the opening block, the statements, and the closing block. */
    private List<Statement> body(String end) {
        endBlock();
        return closed(end);
    }

    private List<Statement> closed(String end) {
        List<Statement> statements = statements(Set.of(end));
        tokens.take();
        tokens.take();
        endBlock();
        return statements;
    }

    private void endBlock() {
        tokens.expect(Token.Kind.BLOCK_END, "'%}'");
    }
}
