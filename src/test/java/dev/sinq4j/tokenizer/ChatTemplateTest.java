package dev.sinq4j.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.testing.Shared;
import dev.sinq4j.tokenizer.ChatTemplate.Message;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Prompts, against what transformers rendered. */
class ChatTemplateTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> everyConversationIsRenderedAsTransformersDoes() throws IOException {
        JsonNode golden = JSON.readTree(resource("rendered.json"));
        Map<String, String> special = JSON.convertValue(golden.get("special_tokens"), new TypeReference<>() {});
        LocalDateTime now = LocalDateTime.parse(golden.get("now").asText());
        return nodes(golden.get("cases")).map(rendered -> {
            String template = rendered.get("template").asText();
            String conversation = rendered.get("conversation").asText();
            boolean prompt = rendered.get("add_generation_prompt").asBoolean();
            Map<String, Object> variables =
                    JSON.convertValue(golden.get("conversations").get(conversation), new TypeReference<>() {});
            variables.put("add_generation_prompt", prompt);
            return dynamicTest(template + ", " + conversation + (prompt ? ", prompt" : ""), () -> {
                ChatTemplate chat = ChatTemplate.parse(resource(template), special);
                if (rendered.has("text")) {
                    assertEquals(rendered.get("text").asText(), chat.render(variables, now));
                    return;
                }
                var refused = assertThrows(UsageFailure.class, () -> chat.render(variables, now));
                String message = rendered.get("error").asText().replaceFirst("^TemplateError: ", "");
                assertEquals("the chat template refuses this conversation: " + message, refused.getMessage());
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> theGoldenModelsOwnTemplatesGiveTheirGoldenPrompts() throws IOException {
        Path folders = Shared.path("models");
        try (Stream<Path> goldens = Files.list(Shared.path("golden/models"))) {
            List<Path> files = goldens.map(model -> model.resolve("golden.json"))
                    .filter(Files::exists)
                    .sorted()
                    .toList();
            return files.stream()
                    .filter(file -> Files.exists(model(folders, file).resolve("tokenizer_config.json")))
                    .map(file -> dynamicTest(model(folders, file).getFileName().toString(), () -> {
                        JsonNode chat =
                                JSON.readTree(file.toFile()).path("tokenizer").path("chat");
                        assertPrompt(chat, Tokenizer.open(model(folders, file)), true);
                    }));
        }
    }

    @TestFactory
    Stream<DynamicTest> theRealModelsTemplateGivesItsGoldenPrompts() throws IOException {
        JsonNode chats = JSON.readTree(
                        Shared.path("golden/smollm2/tokenizer.json").toFile())
                .path("chat");
        Tokenizer tokenizer = Tokenizer.open(Shared.path("golden/smollm2/hf"));
        return nodes(chats).map(chat -> {
            boolean prompt = chat.path("add_generation_prompt").asBoolean();
            return dynamicTest("prompt " + prompt, () -> assertPrompt(chat, tokenizer, prompt));
        });
    }

    @Test
    void aModelWithoutATemplateHasNone() {
        Tokenizer tokenizer = Tokenizer.openFile(Shared.path("models/tiny-apertus/tokenizer.json"));
        assertTrue(ChatTemplate.of(tokenizer).isEmpty());
    }

    @Test
    void aTemplateThatIsNoneIsRefusedWithItsLine() {
        var failure = assertThrows(UnavailableFailure.class, () -> ChatTemplate.parse("a\n{% for %}", Map.of()));
        assertEquals("chat template: line 2: expected a name, found '%}'", failure.getMessage());
    }

    @Test
    void aMessagesTextIsNeverTakenForATemplate() {
        ChatTemplate template = ChatTemplate.parse("{{ messages[0].content }}", Map.of("bos_token", "<s>"));
        assertEquals(
                "{{ bos_token }}{% if %}",
                template.render(List.of(new Message("user", "{{ bos_token }}{% if %}")), false));
    }

    private static void assertPrompt(JsonNode chat, Tokenizer tokenizer, boolean addGenerationPrompt) {
        List<Message> messages = nodes(chat.path("messages"))
                .map(m -> new Message(m.path("role").asText(), m.path("content").asText()))
                .toList();
        String text = ChatTemplate.of(tokenizer).orElseThrow().render(messages, addGenerationPrompt);
        assertEquals(chat.path("text").asText(), text);
        int[] ids = nodes(chat.path("ids")).mapToInt(JsonNode::asInt).toArray();
        assertArrayEquals(ids, tokenizer.encodeOrdinary(text));
    }

    private static Path model(Path folders, Path golden) {
        return folders.resolve(golden.getParent().getFileName());
    }

    private static Stream<JsonNode> nodes(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static String resource(String name) throws IOException {
        try (InputStream file = ChatTemplateTest.class.getResourceAsStream("chat/" + name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
