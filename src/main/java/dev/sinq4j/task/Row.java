package dev.sinq4j.task;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sinq4j.failure.UnavailableFailure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One question as its file has it.
 *
 * @param values of the fields
 * @param where  the row in its file, for messages
 */
record Row(JsonNode values, String where) {

    /** A text field. */
    String text(String field) {
        JsonNode value = field(field);
        if (!value.isTextual()) throw wrong(field, value, "text");
        return value.textValue();
    }

    /** A list of texts. */
    List<String> texts(String field) {
        JsonNode list = field(field);
        if (!list.isArray() || list.isEmpty()) throw wrong(field, list, "a list of texts");
        List<String> texts = new ArrayList<>(list.size());
        for (JsonNode value : list) {
            if (!value.isTextual()) throw wrong(field, value, "a list of texts");
            texts.add(value.textValue());
        }
        return texts;
    }

    /** A field with fields of its own. */
    Row part(String field) {
        JsonNode value = field(field);
        if (!value.isObject()) throw wrong(field, value, "an object");
        return new Row(value, where + ", field '" + field + "'");
    }

    /** A place in a list of {@code size}, written as a number or as its digits. */
    int place(String field, int size) {
        JsonNode value = field(field);
        String digits = value.isTextual() ? value.textValue() : value.toString();
        if (!digits.matches("[0-9]{1,9}") || Integer.parseInt(digits) >= size)
            throw wrong(field, value, "a whole number from 0 to " + (size - 1));
        return Integer.parseInt(digits);
    }

    UnavailableFailure wrong(String field, JsonNode value, String expected) {
        return new UnavailableFailure(
                where + ": field '" + field + "' is " + shortened(value.toString()) + ", expected " + expected);
    }

    private static String shortened(String value) {
        return value.length() <= 60 ? value : value.substring(0, 57) + "...";
    }

    private JsonNode field(String field) {
        @Nullable JsonNode value = values.get(field);
        if (value != null) return value;
        List<String> names = new ArrayList<>();
        values.fieldNames().forEachRemaining(names::add);
        throw new UnavailableFailure(
                where + ": there is no field '" + field + "'; the row has " + String.join(", ", names));
    }
}
