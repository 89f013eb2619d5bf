package dev.sinq4j.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's operators. Integers are 64 bits wide; beyond that they are an error. */
final class Arithmetic {

    private static final int MAX_REPETITIONS = 100_000;

    private Arithmetic() {}

    static Object apply(String operator, Object left, Object right) {
        if (operator.equals("~")) return PythonText.str(left) + PythonText.str(right);
        if (left instanceof Undefined undefined) throw undefined.used();
        if (right instanceof Undefined undefined) throw undefined.used();
        if (operator.equals("+") && left instanceof String a && right instanceof String b) return a + b;
        if (operator.equals("+") && left instanceof List<?> a && right instanceof List<?> b) {
            List<Object> joined = new ArrayList<>(a);
            joined.addAll(b);
            return joined;
        }
        if (operator.equals("*") && left instanceof String text && right instanceof Long times)
            return text.repeat(Math.clamp(times, 0, MAX_REPETITIONS));
        if (!Values.isNumber(left) || !Values.isNumber(right))
            throw new JinjaException(
                    "'" + operator + "' does not work with " + Values.type(left) + " and " + Values.type(right));
        try {
            return operator.equals("/") || left instanceof Double || right instanceof Double
                    ? (Object) floating(operator, Values.number(left), Values.number(right))
                    : whole(operator, (long) Values.number(left), (long) Values.number(right));
        } catch (ArithmeticException e) {
            throw new JinjaException("'" + operator + "': " + e.getMessage());
        }
    }

    private static Object whole(String operator, long left, long right) {
        return switch (operator) {
            case "+" -> Math.addExact(left, right);
            case "-" -> Math.subtractExact(left, right);
            case "*" -> Math.multiplyExact(left, right);
            case "//" -> Math.floorDiv(left, right);
            case "%" -> Math.floorMod(left, right);
            default -> right < 0 ? (Object) Math.pow((double) left, (double) right) : (Object) power(left, right);
        };
    }

    private static long power(long base, long exponent) {
        long result = 1;
        for (long i = 0; i < exponent; i++) result = Math.multiplyExact(result, base);
        return result;
    }

    private static double floating(String operator, double left, double right) {
        if (right == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%")))
            throw new ArithmeticException("division by zero");
        return switch (operator) {
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / right;
            case "//" -> Math.floor(left / right);
            case "%" -> left - Math.floor(left / right) * right;
            default -> Math.pow(left, right);
        };
    }

    static Object negate(Object value) {
        return switch (value) {
            case Long number -> -number;
            case Double number -> -number;
            default -> throw new JinjaException("'-' does not work with " + Values.type(value));
        };
    }
}
