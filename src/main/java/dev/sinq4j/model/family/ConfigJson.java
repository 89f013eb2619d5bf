package dev.sinq4j.model.family;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.DoublePredicate;

/**
 * A model's config.json, read strictly: a field is of its type and in its range, or the failure names file, field, what was
 * expected and what was found. JSON null counts as absent, as it does for transformers.
 *
 * @param origin file, for messages
 * @param prefix of the fields of a nested object, for messages: {@code rope_scaling.}
 * @param fields the JSON object
 */
record ConfigJson(String origin, String prefix, JsonNode fields) {

    /** Widest layer, largest vocabulary: no model comes near, and products of two stay far from overflow. */
    static final int LARGEST_SIZE = 1 << 24;

    private static final long LARGEST_FILE = 16 << 20;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static ConfigJson read(Path file) {
        if (!Files.isRegularFile(file)) throw new UnavailableFailure(file + ": there is no such file");
        try {
            if (Files.size(file) > LARGEST_FILE)
                throw new UnavailableFailure(file + ": has " + Files.size(file) + " bytes, too many for a config.json");
            return of(file.toString(), JSON.readTree(Files.readString(file)));
        } catch (JacksonException e) {
            throw new UnavailableFailure(file + ": is no valid JSON: " + e.getOriginalMessage() + at(e), e);
        } catch (IOException e) {
            throw new UnavailableFailure(file + ": cannot be read: " + e, e);
        }
    }

    static ConfigJson of(String origin, JsonNode fields) {
        if (!fields.isObject()) throw new UnavailableFailure(origin + ": expected a JSON object");
        return new ConfigJson(origin, "", fields);
    }

    private static String at(JacksonException e) {
        return e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
    }

    boolean has(String field) {
        return !node(field).isMissingNode();
    }

    /** A whole number from 1 to {@link #LARGEST_SIZE}. */
    int size(String field) {
        return optionalSize(field).orElseThrow(() -> missing(field, "a whole number"));
    }

    OptionalInt optionalSize(String field) {
        return whole(field, 1, LARGEST_SIZE);
    }

    /** A whole number in a range, if the field is there. */
    OptionalInt whole(String field, int least, int most) {
        JsonNode node = node(field);
        if (node.isMissingNode()) return OptionalInt.empty();
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < least || node.intValue() > most)
            throw wrong(field, "a whole number from " + least + " to " + most);
        return OptionalInt.of(node.intValue());
    }

    /** A finite number above zero. */
    double positive(String field) {
        return optionalPositive(field).orElseThrow(() -> missing(field, "a number above zero"));
    }

    OptionalDouble optionalPositive(String field) {
        return number(field, "a number above zero", value -> value > 0 && (float) value > 0);
    }

    private OptionalDouble number(String field, String expected, DoublePredicate valid) {
        JsonNode node = node(field);
        if (node.isMissingNode()) return OptionalDouble.empty();
        if (!node.isNumber() || Float.isInfinite(node.floatValue()) || !valid.test(node.doubleValue()))
            throw wrong(field, expected);
        return OptionalDouble.of(node.doubleValue());
    }

    boolean flag(String field, boolean otherwise) {
        JsonNode node = node(field);
        if (node.isMissingNode()) return otherwise;
        if (!node.isBoolean()) throw wrong(field, "true or false");
        return node.booleanValue();
    }

    String text(String field) {
        return optionalText(field).orElseThrow(() -> missing(field, "a text"));
    }

    Optional<String> optionalText(String field) {
        JsonNode node = node(field);
        if (node.isMissingNode()) return Optional.empty();
        if (!node.isTextual()) throw wrong(field, "a text");
        return Optional.of(node.textValue());
    }

    Optional<ConfigJson> object(String field) {
        JsonNode node = node(field);
        if (node.isMissingNode()) return Optional.empty();
        if (!node.isObject()) throw wrong(field, "an object");
        return Optional.of(new ConfigJson(origin, prefix + field + ".", node));
    }

    List<String> texts(String field) {
        List<String> values = new ArrayList<>();
        for (JsonNode element : list(field)) {
            if (!element.isTextual()) throw wrong(field, "a list of texts");
            values.add(element.textValue());
        }
        return values;
    }

    /** A list of whole numbers not below zero, or one alone; empty if absent. */
    List<Integer> wholes(String field) {
        JsonNode node = node(field);
        List<Integer> values = new ArrayList<>();
        for (JsonNode element : node.isNumber() ? List.of(node) : list(field)) {
            if (!element.isIntegralNumber() || !element.canConvertToInt() || element.intValue() < 0)
                throw wrong(field, "whole numbers not below zero");
            values.add(element.intValue());
        }
        return values;
    }

    /** A list of exactly {@code count} numbers above zero. */
    float[] positives(String field, int count) {
        JsonNode node = list(field);
        if (node.size() != count) throw wrong(field, "a list of " + count + " numbers, has " + node.size());
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            JsonNode element = node.get(i);
            if (!element.isNumber() || !(element.floatValue() > 0) || Float.isInfinite(element.floatValue()))
                throw wrong(field, "a list of numbers above zero");
            values[i] = element.floatValue();
        }
        return values;
    }

    private JsonNode list(String field) {
        JsonNode node = node(field);
        if (!node.isMissingNode() && !node.isArray()) throw wrong(field, "a list");
        return node;
    }

    /** Refuses a model whose arithmetic is not the one implemented. */
    void requireFlag(String field, boolean expected) {
        if (flag(field, expected) != expected) throw wrong(field, expected + " (nothing else is supported)");
    }

    /** Refuses a model whose arithmetic is not the one implemented. */
    void requireText(String field, String... supported) {
        String found = text(field);
        if (!List.of(supported).contains(found))
            throw wrong(field, "one of " + List.of(supported) + " (nothing else is supported)");
    }

    UnavailableFailure wrong(String field, String expected) {
        String found = abbreviated(node(field).toString());
        return failure(field, "expected " + expected + ", found " + found);
    }

    UnavailableFailure failure(String field, String message) {
        return new UnavailableFailure(origin + ": field '" + prefix + field + "': " + message);
    }

    private UnavailableFailure missing(String field, String expected) {
        return failure(field, "is missing; expected " + expected);
    }

    private static String abbreviated(String json) {
        return json.length() <= 80 ? json : json.substring(0, 77) + "...";
    }

    private JsonNode node(String field) {
        JsonNode node = fields.path(field);
        return node.isNull() ? MissingNode.getInstance() : node;
    }
}
