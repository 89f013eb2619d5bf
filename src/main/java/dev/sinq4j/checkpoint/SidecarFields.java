package dev.sinq4j.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sinq4j.failure.UnavailableFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the fields of one layer in a sidecar, each by its type, and says which is wrong. */
record SidecarFields(String where, JsonNode json) {

    SidecarFields {
        if (!json.isObject()) throw new UnavailableFailure(where + ": expected an object, found " + json);
    }

    /** A failure that names the field, what it should be and what it is. */
    UnavailableFailure wrong(String field, String expected, Object found) {
        return new UnavailableFailure(where + ": " + field + ": expected " + expected + ", found " + found);
    }

    int wholeNumber(String field, int least, int most) {
        JsonNode value = present(field, "a whole number");
        if (!value.isIntegralNumber() || value.longValue() < least || value.longValue() > most)
            throw wrong(
                    field,
                    most == Integer.MAX_VALUE
                            ? "a whole number of at least " + least
                            : "a whole number from " + least + " to " + most,
                    value);
        return value.intValue();
    }

    String text(String field) {
        JsonNode value = present(field, "a text");
        if (!value.isTextual()) throw wrong(field, "a text", value);
        return value.textValue();
    }

    List<Long> sizes(String field) {
        JsonNode value = present(field, "a list of sizes");
        if (!value.isArray()) throw wrong(field, "a list of sizes", value);
        List<Long> sizes = new ArrayList<>();
        for (JsonNode size : value) {
            if (!size.isIntegralNumber() || size.longValue() < 0 || size.longValue() > Integer.MAX_VALUE)
                throw wrong(field, "a list of sizes", value);
            sizes.add(size.longValue());
        }
        return sizes;
    }

    Optional<List<Long>> optionalSizes(String field) {
        return json.has(field) ? Optional.of(sizes(field)) : Optional.empty();
    }

    void require(String field, int expected) {
        JsonNode value = present(field, String.valueOf(expected));
        if (!value.isIntegralNumber() || value.longValue() != expected)
            throw wrong(field, String.valueOf(expected), value);
    }

    void require(String field, String expected) {
        String value = text(field);
        if (!value.equals(expected)) throw wrong(field, "'" + expected + "'", "'" + value + "'");
    }

    void requireAbsentOrNull(String field) {
        if (json.hasNonNull(field)) throw wrong(field, "nothing", json.get(field));
    }

    void requireAbsentOr(String field, boolean expected) {
        JsonNode value = json.get(field);
        if (value != null && !(value.isBoolean() && value.booleanValue() == expected))
            throw wrong(field, String.valueOf(expected), value);
    }

    private JsonNode present(String field, String expected) {
        JsonNode value = json.get(field);
        if (value == null) throw wrong(field, expected, "nothing");
        return value;
    }
}
