package dev.sinq4j.tokenizer.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every construct of the language, against what Jinja2 gave in transformers' environment. */
class JinjaSnippetsTest {

    private static final LocalDateTime NOW = LocalDateTime.parse("2026-03-05T14:07:09.123456");

    @TestFactory
    Stream<DynamicTest> aSnippetGivesWhatJinja2Gives() throws IOException {
        ObjectMapper json = new ObjectMapper();
        JsonNode golden;
        try (InputStream file = JinjaSnippetsTest.class.getResourceAsStream("snippets.json")) {
            golden = json.readTree(file);
        }
        Map<String, Object> variables = json.convertValue(golden.get("variables"), new TypeReference<>() {});
        variables.put("messages", List.of());
        return StreamSupport.stream(golden.get("cases").spliterator(), false).map(snippet -> {
            String template = snippet.get("template").asText();
            return dynamicTest("[" + template + "]", () -> {
                if (snippet.has("text")) assertEquals(snippet.get("text").asText(), render(template, variables));
                else assertThrows(JinjaException.class, () -> render(template, variables));
            });
        });
    }

    @Test
    void anErrorNamesTheLineAndWhatIsWrong() {
        assertFailure("{% if true %}\n{{ {}.b.c }}{% endif %}", 2, "'b' of a dict is undefined");
        assertFailure("\n\n{{ x + 1 }}", 3, "'x' is undefined");
        assertFailure("\n{{ 'a' + 1 }}", 2, "'+' does not work with a string and an integer");
        assertFailure("\n{% nosuch %}", 2, "the statement {% nosuch %} is unknown here");
        assertFailure("{{ 'a' | nosuch }}", 1, "the filter 'nosuch' is unknown here");
        assertFailure(
                "\n{% if true %}",
                2, "expected {% elif %} or {% else %} or {% endif %}, found the end of the template");
        assertFailure("{{ a b }}", 1, "expected '}}', found 'b'");
    }

    @Test
    void whatATemplateRaisesIsToldFromWhatGoesWrong() {
        var raised = assertThrows(JinjaException.class, () -> render("{{ raise_exception('no') }}", Map.of()));
        assertTrue(raised.raisedByTemplate());
        assertEquals("no", raised.getMessage());
    }

    @Test
    void recursionWithoutEndIsAnError() {
        String template = "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}";
        var failure = assertThrows(JinjaException.class, () -> render(template, Map.of()));
        assertEquals("nested too deeply", failure.getMessage());
        var parsing = assertThrows(
                JinjaException.class,
                () -> Template.parse("{{ " + "(".repeat(100_000) + 1 + ")".repeat(100_000) + " }}"));
        assertEquals("nested too deeply", parsing.getMessage());
    }

    private static void assertFailure(String template, int line, String message) {
        var failure = assertThrows(JinjaException.class, () -> render(template, Map.of()));
        assertEquals(line + ": " + message, failure.line() + ": " + failure.getMessage());
    }

    private static String render(String template, Map<String, ?> variables) {
        return Template.parse(template).render(variables, NOW);
    }
}
