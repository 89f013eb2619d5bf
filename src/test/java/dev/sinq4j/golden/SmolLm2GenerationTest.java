package dev.sinq4j.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sinq4j.engine.Generation;
import dev.sinq4j.engine.Sampling;
import dev.sinq4j.engine.Session;
import dev.sinq4j.tokenizer.ChatTemplate;
import dev.sinq4j.tokenizer.ChatTemplate.Message;
import dev.sinq4j.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Texts the model continues, and what its tokenizer makes of strings and conversations. */
class SmolLm2GenerationTest {

    @TestFactory
    Stream<DynamicTest> continuesEveryPromptAsTransformersDoes() {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode model : SmolLm2.golden("generation.json"))
            tests.add(dynamicTest(model.get("model").asText(), () -> checkGeneration(model)));
        return tests.stream();
    }

    private static void checkGeneration(JsonNode golden) {
        String name = golden.get("model").asText();
        if (!SmolLm2.isDense(name)) SmolLm2.takesLong();
        try (SmolLm2 smol = SmolLm2.load(name, golden.get("dequantized").asText())) {
            for (JsonNode prompt : golden.get("prompts")) {
                int[] ids = ids(prompt.get("prompt_ids"));
                assertArrayEquals(ids, encoded(prompt));
                assertArrayEquals(
                        withoutEnd(prompt),
                        continued(smol, ids, ids(prompt.get("ids")).length),
                        prompt.get("prompt").asText());
            }
        }
    }

    private static int[] encoded(JsonNode prompt) {
        Tokenizer tokenizer = SmolLm2.tokenizer();
        if (prompt.get("chat").isNull())
            return tokenizer.encode(prompt.get("text").asText());
        return tokenizer.encode(rendered(tokenizer, prompt.get("chat"), true));
    }

    /** The golden ids hold the token that ends the text; a generation does not hand it out. */
    private static int[] withoutEnd(JsonNode prompt) {
        int[] ids = ids(prompt.get("ids"));
        return prompt.get("stopped_at_eos").asBoolean()
                ? IntStream.of(ids).limit(ids.length - 1).toArray()
                : ids;
    }

    private static int[] continued(SmolLm2 smol, int[] prompt, int most) {
        IntStream.Builder made = IntStream.builder();
        try (Session session = smol.model().session(prompt.length + most)) {
            Sampling greedy = new Sampling(0, 0, 1, 42);
            new Generation(greedy, Set.of(2), most).run(session, prompt, made::add);
        }
        return made.build().toArray();
    }

    @TestFactory
    Stream<DynamicTest> encodesAndDecodesEveryString() {
        return StreamSupport.stream(SmolLm2.golden("tokenizer.json").get("rows").spliterator(), false)
                .map(row -> dynamicTest(row.get("text").toString(), () -> {
                    Tokenizer tokenizer = SmolLm2.tokenizer();
                    String text = row.get("text").asText();
                    assertArrayEquals(ids(row.get("ids")), tokenizer.encode(text));
                    assertArrayEquals(ids(row.get("ids_no_special")), tokenizer.encodeOrdinary(text));
                    assertEquals(row.get("decoded").asText(), tokenizer.decode(ids(row.get("ids"))));
                    assertEquals(row.get("decoded_skip_special").asText(), tokenizer.decodeText(ids(row.get("ids"))));
                }));
    }

    @TestFactory
    Stream<DynamicTest> rendersEveryConversation() {
        return StreamSupport.stream(SmolLm2.golden("tokenizer.json").get("chat").spliterator(), false)
                .map(chat -> dynamicTest(chat.get("messages").toString(), () -> {
                    Tokenizer tokenizer = SmolLm2.tokenizer();
                    String text = rendered(
                            tokenizer,
                            chat.get("messages"),
                            chat.get("add_generation_prompt").asBoolean());
                    assertEquals(chat.get("text").asText(), text);
                    assertArrayEquals(ids(chat.get("ids")), tokenizer.encode(text));
                }));
    }

    private static String rendered(Tokenizer tokenizer, JsonNode messages, boolean generate) {
        ChatTemplate template = ChatTemplate.of(tokenizer).orElse(null);
        assertNotNull(template);
        List<Message> all = new ArrayList<>();
        for (JsonNode message : messages)
            all.add(new Message(
                    message.get("role").asText(), message.get("content").asText()));
        return template.render(all, generate);
    }

    private static int[] ids(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }
}
