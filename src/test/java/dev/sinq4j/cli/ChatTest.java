package dev.sinq4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The way the cards of Apertus checkpoints show: a base model without a chat template, a template given beside it, one question.
 * The weights are random numbers in a small Apertus's shape, which brings no tokenizer of its own.
 */
class ChatTest {

    private static final String MODEL = "synthetic:experiments/quickstart/model/config.json";
    private static final Path TOKENIZER = Path.of("experiments/quickstart/model");
    private static final String QUESTION = "Give me a brief explanation of gravity in simple terms.";
    private static final String TEMPLATE = """
        {% for m in messages -%}
        {{ m['role'] }}: {{ m['content'] }}
        {% endfor -%}
        {% if add_generation_prompt -%}
        assistant:
        {%- endif %}
        """;

    @TempDir
    Path folder;

    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path template;

    @BeforeEach
    void listen() throws IOException {
        System.setOut(new PrintStream(out, true, UTF_8));
        System.setErr(new PrintStream(err, true, UTF_8));
        template = Files.writeString(folder.resolve("template.jinja"), TEMPLATE);
    }

    @AfterEach
    void restore() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    @Test
    void theCardsTemplateAndQuestionMakeThePromptThatTransformersMakes() throws IOException {
        int status = generate("--chat", "--chat-template", template.toString(), "--system", "You are short.", "--json");
        assertEquals(0, status, err.toString(UTF_8));
        JsonNode generated = new ObjectMapper().readTree(out.toString(UTF_8));
        // transformers 4.57.6: tokenizer.apply_chat_template(messages, chat_template=TEMPLATE,
        // add_generation_prompt=True)
        List<Integer> expected = List.of(
                86, 92, 435, 72, 80, 29, 569, 522, 425, 604, 325, 88, 86, 298, 29, 224, 42, 807, 545, 262, 269, 339, 72,
                73, 552, 628, 403, 426, 76, 305, 414, 848, 89, 272, 92, 340, 264, 284, 83, 328, 260, 298, 80, 86, 325,
                68, 638, 707, 605, 29);
        assertEquals(expected, ints(generated.get("prompt_ids")));
        assertEquals(8, generated.get("ids").size());
    }

    @Test
    void aModelWithoutATemplateSaysWhatToGive() throws IOException {
        Files.copy(TOKENIZER.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
        assertEquals(3, generateWith(folder, "--chat"));
        assertTrue(
                err.toString(UTF_8).contains("has no chat template; give one with --chat-template FILE"),
                err::toString);
    }

    @Test
    void aTemplateWithoutAConversationIsAMistake() {
        assertEquals(2, generate("--chat-template", template.toString()));
        assertTrue(
                err.toString(UTF_8).contains("--chat-template belongs to a conversation; add --chat"), err::toString);
    }

    @Test
    void aTemplateThatIsNotThereIsNamed() {
        assertEquals(3, generate("--chat", "--chat-template", folder + "/none.jinja"));
        assertTrue(err.toString(UTF_8).contains("none.jinja: there is no such file"), err::toString);
    }

    private static int generate(String... more) {
        return generateWith(TOKENIZER, more);
    }

    private static int generateWith(Path tokenizer, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "generate",
                "--model",
                MODEL,
                "--tokenizer",
                tokenizer.toString(),
                "--prompt",
                QUESTION,
                "--max-new-tokens",
                "8"));
        arguments.addAll(Arrays.asList(more));
        return Main.execute(arguments.toArray(String[]::new));
    }

    private static List<Integer> ints(JsonNode array) {
        List<Integer> all = new ArrayList<>();
        array.forEach(item -> all.add(item.intValue()));
        return all;
    }
}
