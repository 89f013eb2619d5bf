package dev.sinq4j.tokenizer.jinja;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What can stand behind {@code is}. */
final class Predicates {

    private Predicates() {}

    static boolean test(String name, Object value, Arguments arguments) {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value == None.NONE;
            case "string" -> value instanceof String;
            case "boolean" -> value instanceof Boolean;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "integer" -> value instanceof Long;
            case "float" -> value instanceof Double;
            case "number" -> Values.isNumber(value);
            case "mapping" -> value instanceof Map;
            case "iterable", "sequence" ->
                value instanceof String || value instanceof List || value instanceof Map || value instanceof Undefined;
            case "callable" -> value instanceof Callable;
            case "odd" -> Math.floorMod((long) Values.number(value), 2L) == 1;
            case "even" -> Math.floorMod((long) Values.number(value), 2L) == 0;
            case "divisibleby" -> Math.floorMod((long) Values.number(value), arguments.integer(0, "num", 1)) == 0;
            case "eq", "equalto", "==" -> Values.equal(value, arguments.get(0, "other"));
            case "ne", "!=" -> !Values.equal(value, arguments.get(0, "other"));
            case "lt", "lessthan", "<" -> Values.compare(value, arguments.get(0, "other")) < 0;
            case "le", "<=" -> Values.compare(value, arguments.get(0, "other")) <= 0;
            case "gt", "greaterthan", ">" -> Values.compare(value, arguments.get(0, "other")) > 0;
            case "ge", ">=" -> Values.compare(value, arguments.get(0, "other")) >= 0;
            case "in" -> Values.contains(arguments.get(0, "seq"), value);
            case "sameas" -> value.equals(arguments.get(0, "other"));
            case "lower" -> PythonText.str(value).equals(PythonText.str(value).toLowerCase(Locale.ROOT));
            case "upper" -> PythonText.str(value).equals(PythonText.str(value).toUpperCase(Locale.ROOT));
            default -> throw new JinjaException("the test '" + name + "' is unknown here");
        };
    }
}
