package dev.sinq4j.tokenizer;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.tokenizer.jinja.JinjaException;
import dev.sinq4j.tokenizer.jinja.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns a conversation into the prompt a model was trained on, as transformers' {@code apply_chat_template} does. The text is to
 * be tokenized by {@link Tokenizer#encodeOrdinary}: templates write the beginning-of-text token themselves.
 */
public final class ChatTemplate {

    /**
     * One turn of a conversation.
     *
     * @param role {@code system}, {@code user} or {@code assistant}; what else is allowed is up to the template
     */
    public record Message(String role, String content) {

        Map<String, Object> fields() {
            return Map.of("role", role, "content", content);
        }
    }

    private final Template template;
    private final Map<String, String> specialTokens;

    private ChatTemplate(Template template, Map<String, String> specialTokens) {
        this.template = template;
        this.specialTokens = specialTokens;
    }

    /** The model's own template, if it brings one. */
    public static Optional<ChatTemplate> of(Tokenizer tokenizer) {
        return tokenizer.chatTemplate().map(text -> parse(text, tokenizer.specialTokens()));
    }

    /**
     * @param text          Jinja
     * @param specialTokens variables the template sees: bos_token, eos_token, ...
     * @throws UnavailableFailure if the text is no template
     */
    public static ChatTemplate parse(String text, Map<String, String> specialTokens) {
        try {
            return new ChatTemplate(Template.parse(text), Map.copyOf(specialTokens));
        } catch (JinjaException e) {
            throw failure(e);
        }
    }

    /**
     * Reads a template from a file of its own.
     *
     * @throws UnavailableFailure if the file cannot be read or is no template
     */
    public static ChatTemplate read(Path file, Map<String, String> specialTokens) {
        try {
            return parse(Files.readString(file), specialTokens);
        } catch (NoSuchFileException e) {
            throw new UnavailableFailure(file + ": there is no such file; expected a chat template in Jinja");
        } catch (IOException e) {
            throw new UnavailableFailure(file + ": cannot be read as a chat template: " + e.getMessage());
        }
    }

    /**
     * Renders a conversation.
     *
     * @param addGenerationPrompt whether the text ends where the assistant's next turn begins
     * @throws UsageFailure if the template refuses the conversation, as many refuse two user turns in a row
     */
    public String render(List<Message> messages, boolean addGenerationPrompt) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("messages", messages.stream().map(Message::fields).toList());
        variables.put("add_generation_prompt", addGenerationPrompt);
        return render(variables, LocalDateTime.now(ZoneId.systemDefault()));
    }

    /**
     * Renders with every variable of the template's own choosing: {@code messages} with further fields, {@code tools},
     * {@code documents}, {@code enable_thinking}, ...
     *
     * @param variables strings, numbers, booleans, null, lists and maps of these
     * @param now       what templates that write today's date take for it
     */
    public String render(Map<String, ?> variables, LocalDateTime now) {
        Map<String, @Nullable Object> all = new HashMap<>(specialTokens);
        all.put("tools", null);
        all.put("documents", null);
        all.putAll(variables);
        try {
            return template.render(all, now);
        } catch (JinjaException e) {
            throw failure(e);
        }
    }

    private static RuntimeException failure(JinjaException e) {
        if (e.raisedByTemplate())
            return new UsageFailure("the chat template refuses this conversation: " + e.getMessage(), e);
        String line = e.line() > 0 ? "line " + e.line() + ": " : "";
        return new UnavailableFailure("chat template: " + line + e.getMessage(), e);
    }
}
