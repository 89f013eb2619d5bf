package dev.sinq4j.tokenizer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;

/**
 * Refuses a post-processor whose template names a special token that it does not define: the tokenizers library ends the whole
 * process when it meets one.
 */
final class TemplateCheck {

    private static final JsonMapper JSON = new JsonMapper();

    private TemplateCheck() {}

    /** @param json a valid {@code tokenizer.json} */
    static void require(String where, String json) {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean wanted = parser.currentName().equals("post_processor");
                parser.nextToken();
                if (wanted) check(where, JSON.readTree(parser));
                else parser.skipChildren();
            }
        } catch (IOException e) {
            throw new UnavailableFailure(where + ": not valid JSON: " + e.getMessage(), e);
        }
    }

    private static void check(String where, JsonNode processor) {
        for (JsonNode part : processor.path("processors")) check(where, part);
        if (!processor.path("type").asText().equals("TemplateProcessing")) return;
        for (String template : new String[] {"single", "pair"})
            for (JsonNode piece : processor.path(template)) {
                JsonNode id = piece.path("SpecialToken").path("id");
                if (id.isTextual() && !processor.path("special_tokens").has(id.textValue()))
                    throw new UnavailableFailure(where + ": the template of post_processor names the special token '"
                            + id.textValue() + "', which its special_tokens lack");
            }
    }
}
