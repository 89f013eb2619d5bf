package dev.sinq4j.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;

/**
 * Refuses a text that the tokenizers library's JSON reader would refuse. The library does not always answer with an error: of a
 * text that breaks off inside the decoder it ends the whole process.
 */
final class StrictJson {

    /** Deepest nesting that its reader, serde_json, follows, with room to spare. */
    private static final int DEEPEST = 100;

    private StrictJson() {}

    /** @throws UnavailableFailure if the text is not one JSON object */
    static void require(String where, String json) {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT)
                throw new UnavailableFailure(where + ": not valid JSON: expected an object");
            walk(where, parser);
            if (parser.nextToken() != null)
                throw new UnavailableFailure(where + ": not valid JSON: something follows the object");
        } catch (IOException e) {
            throw new UnavailableFailure(where + ": not valid JSON: " + e.getMessage(), e);
        }
    }

    private static void walk(String where, JsonParser parser) throws IOException {
        int depth = 1;
        while (depth > 0) {
            JsonToken token = parser.nextToken();
            if (token == null) throw new UnavailableFailure(where + ": not valid JSON: it breaks off");
            switch (token) {
                case START_OBJECT, START_ARRAY -> depth++;
                case END_OBJECT, END_ARRAY -> depth--;
                case FIELD_NAME, VALUE_STRING -> requirePairs(where, parser.getText());
                case VALUE_NUMBER_FLOAT, VALUE_NUMBER_INT -> {
                    if (Double.isInfinite(parser.getDoubleValue()))
                        throw new UnavailableFailure(where + ": not valid JSON: a number is out of range");
                }
                default -> {}
            }
            if (depth > DEEPEST)
                throw new UnavailableFailure(where + ": not valid JSON: nested deeper than " + DEEPEST);
        }
    }

    private static void requirePairs(String where, String text) {
        int at = 0;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)
                throw new UnavailableFailure(where + ": not valid JSON: half a surrogate pair stands in a text");
            at += Character.charCount(point);
        }
    }
}
