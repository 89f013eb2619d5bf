package dev.sinq4j.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs statements and collects their text. */
final class Renderer {

    /** How a statement ended. */
    private enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    private final StringBuilder text;

    private Renderer(StringBuilder text) {
        this.text = text;
    }

    static String render(List<Statement> statements, Scope scope) {
        Renderer renderer = new Renderer(new StringBuilder());
        renderer.run(statements, scope);
        return renderer.text.toString();
    }

    private Flow run(List<Statement> statements, Scope scope) {
        for (Statement statement : statements) {
            Flow flow;
            try {
                flow = run(statement, scope);
            } catch (JinjaException e) {
                throw e.at(statement.line());
            }
            if (flow != Flow.NEXT) return flow;
        }
        return Flow.NEXT;
    }

    private Flow run(Statement statement, Scope scope) {
        switch (statement) {
            case Statement.Text verbatim -> text.append(verbatim.text());
            case Statement.Output output -> text.append(PythonText.str(Evaluator.evaluate(output.value(), scope)));
            case Statement.If branch -> {
                boolean holds = Values.isTrue(Evaluator.evaluate(branch.condition(), scope));
                return run(holds ? branch.then() : branch.otherwise(), scope);
            }
            case Statement.For loop -> {
                return loop(loop, scope);
            }
            case Statement.Set set -> set(set, scope);
            case Statement.SetBlock block -> scope.set(block.name(), filtered(block.filtered(), block.body(), scope));
            case Statement.FilterBlock block ->
                text.append(PythonText.str(filtered(block.filtered(), block.body(), scope)));
            case Statement.Macro macro -> scope.set(macro.name(), macro(macro, scope));
            case Statement.CallBlock block -> text.append(PythonText.str(callBlock(block, scope)));
            case Statement.With with -> {
                Scope inner = new Scope(scope);
                with.variables().forEach((name, value) -> inner.set(name, Evaluator.evaluate(value, scope)));
                return run(with.body(), inner);
            }
            case Statement.Break stop -> {
                return Flow.BREAK;
            }
            case Statement.Continue skip -> {
                return Flow.CONTINUE;
            }
        }
        return Flow.NEXT;
    }

    private Flow loop(Statement.For loop, Scope scope) {
        List<Object> items = new ArrayList<>();
        for (Object item : Values.elements(Evaluator.evaluate(loop.items(), scope)))
            if (loop.condition() == null || accepts(loop, loop.condition(), item, scope)) items.add(item);
        if (items.isEmpty()) return run(loop.otherwise(), scope);
        LoopState state = new LoopState(items);
        while (state.hasNext()) {
            Scope inner = new Scope(scope);
            inner.set("loop", state);
            assign(loop.names(), state.advance(), inner);
            if (run(loop.body(), inner) == Flow.BREAK) break;
        }
        return Flow.NEXT;
    }

    private static boolean accepts(Statement.For loop, Expression condition, Object item, Scope scope) {
        Scope inner = new Scope(scope);
        assign(loop.names(), item, inner);
        return Values.isTrue(Evaluator.evaluate(condition, inner));
    }

    private static void set(Statement.Set set, Scope scope) {
        Object value = Evaluator.evaluate(set.value(), scope);
        @Nullable String attribute = set.attribute();
        if (attribute == null) {
            assign(set.names(), value, scope);
        } else if (scope.get(set.names().getFirst()) instanceof Namespace namespace) {
            namespace.set(attribute, value);
        } else {
            throw new JinjaException("'" + set.names().getFirst() + "' is no namespace; nothing else can be changed");
        }
    }

    private static void assign(List<String> names, Object value, Scope scope) {
        if (names.size() == 1) {
            scope.set(names.getFirst(), value);
            return;
        }
        List<Object> parts = Values.elements(value);
        if (parts.size() != names.size())
            throw new JinjaException(parts.size() + " values for the " + names.size() + " names " + names);
        for (int i = 0; i < parts.size(); i++) scope.set(names.get(i), parts.get(i));
    }

    private static Object filtered(Expression filtered, List<Statement> body, Scope scope) {
        Scope inner = new Scope(scope);
        inner.set(TemplateParser.BODY, render(body, new Scope(scope)));
        return Evaluator.evaluate(filtered, inner);
    }

    private static Callable macro(Statement.Macro macro, Scope scope) {
        return arguments -> {
            if (arguments.count() > macro.parameters().size())
                throw new JinjaException("the macro " + macro.name() + " takes at most "
                        + macro.parameters().size() + " arguments, not " + arguments.count());
            Scope inner = new Scope(scope);
            for (int i = 0; i < macro.parameters().size(); i++) {
                String name = macro.parameters().get(i);
                @Nullable Expression otherwise = macro.defaults().get(name);
                Object missing = new Undefined("parameter '" + name + "' was not provided and");
                Object value = arguments.get(i, name, missing);
                boolean useDefault = value.equals(missing) && otherwise != null;
                inner.set(name, useDefault ? Evaluator.evaluate(otherwise, inner) : value);
            }
            if (arguments.named().get("caller") instanceof Callable caller) inner.set("caller", caller);
            return render(macro.body(), inner);
        };
    }

    private static Object callBlock(Statement.CallBlock block, Scope scope) {
        Arguments arguments = Evaluator.arguments(block.call().inputs(), scope);
        arguments.named().put("caller", (Callable) ignored -> render(block.body(), new Scope(scope)));
        return Evaluator.call(Evaluator.evaluate(block.call().callee(), scope), arguments);
    }
}
