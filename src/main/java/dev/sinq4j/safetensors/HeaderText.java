package dev.sinq4j.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Walks a JSON text token by token and takes nothing on trust: the bytes are decoded by a reporting UTF-8 decoder first (Jackson
 * would guess UTF-16 and skip a byte order mark), half surrogates are refused even when escaped (in names by Jackson itself), and every value is asked for by
 * its type, so that nothing is coerced.
 */
final class HeaderText implements AutoCloseable {

    private static final int MAX_LENGTH = 100_000_000;
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNameLength(MAX_LENGTH)
                    .maxStringLength(MAX_LENGTH)
                    .maxNestingDepth(16)
                    .build())
            // names are the tensors': as many as the file likes, none worth keeping in a table for ever
            .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
            .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
            .build();

    private final String where;
    private final JsonParser parser;

    private HeaderText(String where, JsonParser parser) {
        this.where = where;
        this.parser = parser;
    }

    /** @param where how messages call the text, such as {@code model.safetensors: header} */
    static HeaderText open(String where, byte[] bytes) {
        String text = decode(where, bytes);
        if (text.startsWith("\uFEFF")) throw new UnavailableFailure(where + " starts with a byte order mark");
        try {
            HeaderText header = new HeaderText(where, JSON.createParser(text));
            header.parser.nextToken();
            return header;
        } catch (IOException e) {
            throw malformed(where, e);
        }
    }

    private static String decode(String where, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UnavailableFailure(where + " is not UTF-8", e);
        }
    }

    /** Consumes the opening of an object. */
    void openObject(String what) {
        require(JsonToken.START_OBJECT, what, "an object");
        advance();
    }

    /** Consumes the opening of an array. */
    void openArray(String what) {
        require(JsonToken.START_ARRAY, what, "an array");
        advance();
    }

    /** Whether the object or array goes on; if not, its end is consumed. */
    boolean hasMore() {
        if (parser.currentToken() != JsonToken.END_OBJECT && parser.currentToken() != JsonToken.END_ARRAY) return true;
        advance();
        return false;
    }

    /** Consumes the next key of an object. */
    String key() {
        String key = text();
        advance();
        return key;
    }

    /** Consumes a string. */
    String string(String what) {
        require(JsonToken.VALUE_STRING, what, "a string");
        String value = text();
        if (hasHalfSurrogate(value)) throw new UnavailableFailure(where + ": " + what + " has half a surrogate");
        advance();
        return value;
    }

    /** Consumes a whole number from 0 to 2^63 - 1, written as such: no fraction, no exponent, no sign. */
    long size(String what) {
        require(JsonToken.VALUE_NUMBER_INT, what, "a whole number");
        String digits = text();
        if (digits.startsWith("-")) throw new UnavailableFailure(where + ": " + what + " is negative: " + digits);
        try {
            long value = Long.parseLong(digits);
            advance();
            return value;
        } catch (NumberFormatException e) {
            throw new UnavailableFailure(where + ": " + what + " does not fit in 63 bits: " + digits, e);
        }
    }

    /** Consumes a number from 0 to 2^53 without a fraction, however it is written: Python writes some sizes as floats. */
    long wholeNumber(String what) {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_FLOAT) return size(what);
        String digits = text();
        double value = Double.parseDouble(digits);
        if (value < 0 || value > 0x1p53 || value != Math.rint(value))
            throw new UnavailableFailure(where + ": " + what + " is not a whole number: " + digits);
        advance();
        return (long) value;
    }

    /** Whether the next value is null; if so it is consumed. */
    boolean skipNull() {
        if (parser.currentToken() != JsonToken.VALUE_NULL) return false;
        advance();
        return true;
    }

    /** Consumes a value nobody asked for. */
    void skip() {
        try {
            parser.skipChildren();
        } catch (IOException e) {
            throw malformed(where, e);
        }
        advance();
    }

    /** Nothing but white space may follow. */
    void requireEnd() {
        if (parser.currentToken() != null) throw new UnavailableFailure(where + " goes on after its closing brace");
    }

    @Override
    public void close() {
        try {
            parser.close();
        } catch (IOException e) {
            throw malformed(where, e);
        }
    }

    private void require(JsonToken token, String what, String expected) {
        if (parser.currentToken() == token) return;
        String found = parser.currentToken() == null ? "the end of the text" : shortened(text());
        throw new UnavailableFailure(where + ": " + what + " is not " + expected + ": " + found);
    }

    private String text() {
        try {
            return parser.getText();
        } catch (IOException e) {
            throw malformed(where, e);
        }
    }

    private void advance() {
        try {
            parser.nextToken();
        } catch (IOException e) {
            throw malformed(where, e);
        }
    }

    private static UnavailableFailure malformed(String where, IOException cause) {
        String reason = switch (cause) {
            case JsonEOFException early -> "it ends too early";
            case JsonProcessingException json -> json.getOriginalMessage();
            default -> cause.toString();
        };
        return new UnavailableFailure(where + " is not valid JSON: " + reason, cause);
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }

    private static boolean hasHalfSurrogate(String text) {
        return text.codePoints()
                .anyMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }
}
