package dev.sinq4j.config.bind;

import dev.sinq4j.config.bind.ConfigNode.Kind;
import dev.sinq4j.config.bind.ConfigNode.Scalar;
import dev.sinq4j.method.NearestName;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One value of a simple type, without coercion: a number is no text, a text is no number. */
record ScalarBinder(Place place, Setting setting) {

    /** The value, or null after a report. */
    @Nullable
    Object bind(Class<?> type) {
        if (!(place.node() instanceof Scalar scalar)) {
            place.report(place.node().says() + " is not " + expected(type));
            return null;
        }
        if (type == String.class) return text(scalar);
        if (type == boolean.class) return truth(scalar);
        if (type.isEnum()) return constant(scalar, type);
        if (type == double.class || type == Double.class) return decimal(scalar);
        return whole(scalar, type);
    }

    private @Nullable String text(Scalar scalar) {
        if (scalar.kind() != Kind.TEXT) {
            place.report(
                    scalar.says() + " is " + scalar.kind().words() + ", not text; write \"" + scalar.text() + "\"");
            return null;
        }
        if (setting.allowed().length > 0) return oneOf(scalar.text(), List.of(setting.allowed()));
        if (scalar.text().isBlank() && setting.fallback().isEmpty()) {
            place.report("is empty; give it a value or remove the line");
            return null;
        }
        if (!setting.pattern().isEmpty() && !scalar.text().matches(setting.pattern())) {
            place.report(scalar.says() + " is not " + setting.patternSays());
            return null;
        }
        return scalar.text();
    }

    private @Nullable Boolean truth(Scalar scalar) {
        if (scalar.kind() == Kind.BOOLEAN) return Boolean.valueOf(scalar.text());
        place.report(scalar.says() + " is not true or false");
        return null;
    }

    private @Nullable Object constant(Scalar scalar, Class<?> type) {
        List<String> names = names(type);
        String name = oneOf(scalar.text(), names);
        return name == null ? null : type.getEnumConstants()[names.indexOf(name)];
    }

    private @Nullable String oneOf(String text, List<String> names) {
        if (names.contains(text)) return text;
        place.report("'" + text + "' is not " + or(names)
                + NearestName.of(text, names)
                        .map(name -> "; did you mean '" + name + "'?")
                        .orElse(""));
        return null;
    }

    private @Nullable Object whole(Scalar scalar, Class<?> type) {
        boolean isLong = type == long.class || type == Long.class;
        if (scalar.kind() == Kind.INTEGER) {
            BigInteger value = new BigInteger(scalar.text());
            boolean fits = value.bitLength() < (isLong ? Long.SIZE : Integer.SIZE);
            if (fits && value.longValue() >= setting.min() && value.longValue() <= setting.max())
                return isLong ? (Object) value.longValue() : (Object) value.intValue();
        }
        place.report(scalar.says() + " is not " + expected(type));
        return null;
    }

    private @Nullable Double decimal(Scalar scalar) {
        if (scalar.kind() == Kind.INTEGER || scalar.kind() == Kind.NUMBER) {
            double value = PlainValue.decimal(scalar.text());
            if (Double.isFinite(value) && value >= setting.min() && value <= setting.max()) return value;
        }
        place.report(scalar.says() + " is not " + expected(double.class));
        return null;
    }

    private String expected(Class<?> type) {
        if (type == String.class) return "text";
        if (type == boolean.class) return "true or false";
        if (type.isEnum()) return or(names(type));
        if (type == double.class || type == Double.class) return "a number" + range().orElse("");
        return "a whole number" + range().orElse("");
    }

    private Optional<String> range() {
        boolean low = setting.min() > Long.MIN_VALUE;
        boolean high = setting.max() < Long.MAX_VALUE;
        if (low && high) return Optional.of(" from " + setting.min() + " to " + setting.max());
        return low ? Optional.of(" of at least " + setting.min()) : Optional.empty();
    }

    /** An enum's constants as they are written: in lower case. */
    static List<String> names(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                .toList();
    }

    private static String or(List<String> names) {
        int last = names.size() - 1;
        return last == 0 ? names.get(0) : String.join(", ", names.subList(0, last)) + " or " + names.get(last);
    }
}
