package dev.sinq4j.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sinq4j.failure.UnavailableFailure;
import org.jspecify.annotations.Nullable;

/**
 * A {@link CellResult} as one line of JSON and back. Fields this version does not know are skipped, so that a file may gain
 * fields; a line of a newer {@code schema} is refused, since its fields may mean something else.
 */
public final class ResultLine {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private ResultLine() {}

    /** One line, without its newline. */
    public static String format(CellResult result) {
        try {
            return JSON.writeValueAsString(result);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cell " + result.cell() + " cannot be written as JSON", e);
        }
    }

    /**
     * The result of a line that {@link #format} made.
     *
     * @throws IllegalArgumentException if it is no such line
     */
    public static CellResult of(String line) {
        try {
            return parse(line, "a result");
        } catch (Damaged e) {
            throw new IllegalArgumentException("no line of results.jsonl: " + line, e);
        }
    }

    /** A part of a result as JSON. */
    static JsonNode tree(Object part) {
        return JSON.valueToTree(part);
    }

    /**
     * Reads a line.
     *
     * @throws Damaged            if the line is not a whole result
     * @throws UnavailableFailure if a newer version wrote it
     */
    static CellResult parse(String line, String where) throws Damaged {
        CellResult result = read(line);
        if (result.schema() > CellResult.SCHEMA) {
            throw new UnavailableFailure(
                    where + ": schema " + result.schema() + " was written by a newer sinq4j; this one reads up to "
                            + CellResult.SCHEMA + ": update sinq4j, or use another results folder");
        }
        String missing = missing(result);
        if (missing != null) throw new Damaged("field '" + missing + "' is missing", null);
        return result;
    }

    private static CellResult read(String line) throws Damaged {
        try {
            CellResult result = JSON.readValue(line, CellResult.class);
            if (result == null) throw new Damaged("null is not a result", null);
            return result;
        } catch (JsonProcessingException e) {
            throw new Damaged(e.getOriginalMessage(), e);
        }
    }

    private static @Nullable String missing(CellResult result) {
        if (result.schema() < 1) return "schema";
        if (result.cell() == null) return "cell";
        if (result.experiment() == null) return "experiment";
        if (result.model() == null) return "model";
        if (result.method() == null) return "method";
        if (result.status() == null) return "status";
        return result.provenance() == null ? "provenance" : null;
    }

    /** A line that is not a whole result. */
    static final class Damaged extends Exception {

        private static final long serialVersionUID = 1L;

        Damaged(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
