package dev.sinq4j.tokenizer.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A chat template comes with a model, from anybody: it reaches the values it is given and nothing behind them. */
class SandboxTest {

    private static final LocalDateTime NOW = LocalDateTime.parse("2026-03-05T14:07:09");
    private static final Map<String, Object> VARIABLES =
            Map.of("text", "a", "list", List.of(1L), "map", Map.of("k", "v"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ text.__class__.__mro__ }}",
                "{{ list.__class__.__mro__ }}",
                "{{ map.__init__.__globals__ }}",
                "{{ text.getClass() }}",
                "{{ text.getClass().forName('java.lang.Runtime') }}",
                "{{ list.getClass().getName() }}",
                "{{ map.entrySet() }}",
                "{{ text['class']['classLoader'] }}",
                "{{ cycler.__init__.__globals__ }}",
                "{% import 'java.lang.Runtime' as runtime %}",
                "{% include '/etc/passwd' %}",
                "{% extends '/etc/passwd' %}"
            })
    void nothingBehindAValueIsReached(String template) {
        assertThrows(JinjaException.class, () -> Template.parse(template).render(VARIABLES, NOW));
    }

    @Test
    void aNameOfJavaIsUndefined() {
        assertEquals("", Template.parse("{{ java }}{{ System }}{{ self }}").render(VARIABLES, NOW));
    }
}
