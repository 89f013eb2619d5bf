package dev.sinq4j.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the native library does not tell about a {@code tokenizer.json}: the ids of some tokens, and how many there are. One pass
 * over the text, nothing kept but what was asked for; these files have up to 34 MB.
 */
final class Vocabulary {

    private final Set<String> wanted;
    private final Map<String, Integer> ids = new HashMap<>();
    private int highestId = -1;

    private Vocabulary(Set<String> wanted) {
        this.wanted = wanted;
    }

    /** @param wanted tokens whose ids will be asked for */
    static Vocabulary scan(String where, String json, Set<String> wanted) {
        Vocabulary vocabulary = new Vocabulary(wanted);
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            vocabulary.read(parser);
        } catch (IOException e) {
            throw new UnavailableFailure(where + ": not valid JSON: " + e.getMessage(), e);
        }
        if (vocabulary.highestId < 0)
            throw new UnavailableFailure(where + ": no tokens in model.vocab or added_tokens");
        return vocabulary;
    }

    /** Highest id plus one. */
    int size() {
        return highestId + 1;
    }

    @Nullable
    Integer id(String token) {
        return ids.get(token);
    }

    private void read(JsonParser parser) throws IOException {
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            switch (key) {
                case "added_tokens" -> readAddedTokens(parser);
                case "model" -> readModel(parser);
                default -> parser.skipChildren();
            }
        }
    }

    private void readAddedTokens(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) return;
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            String content = "";
            int id = -1;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = parser.currentName();
                parser.nextToken();
                if (key.equals("content")) content = parser.getValueAsString("");
                else if (key.equals("id")) id = parser.getValueAsInt(-1);
                else parser.skipChildren();
            }
            add(content, id);
        }
    }

    private void readModel(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) return;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean isVocabulary = parser.currentName().equals("vocab");
            JsonToken value = parser.nextToken();
            if (isVocabulary && value == JsonToken.START_OBJECT) readIdsByToken(parser);
            else if (isVocabulary && value == JsonToken.START_ARRAY) readTokensInOrder(parser);
            else parser.skipChildren();
        }
    }

    /** BPE and WordPiece: token -> id. */
    private void readIdsByToken(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String token = parser.currentName();
            parser.nextToken();
            add(token, parser.getValueAsInt(-1));
        }
    }

    /** Unigram: [token, score] in the order of the ids. */
    private void readTokensInOrder(JsonParser parser) throws IOException {
        for (int id = 0; parser.nextToken() == JsonToken.START_ARRAY; id++) {
            parser.nextToken();
            add(parser.getValueAsString(""), id);
            while (parser.nextToken() != JsonToken.END_ARRAY) parser.skipChildren();
        }
    }

    private void add(String token, int id) {
        highestId = Math.max(highestId, id);
        if (wanted.contains(token)) ids.put(token, id);
    }
}
