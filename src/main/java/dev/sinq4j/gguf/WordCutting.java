package dev.sinq4j.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How byte-level tokenizers cut a text into words, by the names llama.cpp has for it ({@code tokenizer.ggml.pre}). */
enum WordCutting {
    LLAMA_3("llama-bpe", split(Patterns.LLAMA_3), byteLevel(false)),
    QWEN_2("qwen2", split(Patterns.QWEN_2), byteLevel(false)),
    TEKKEN("tekken", split(Patterns.TEKKEN), byteLevel(false)),
    SMOLLM("smollm", digits(), byteLevel(true)),
    GPT_2("gpt-2", byteLevel(true));

    private final String label;
    private final ObjectNode[] steps;

    WordCutting(String label, ObjectNode... steps) {
        this.label = label;
        this.steps = steps;
    }

    String label() {
        return label;
    }

    /** The cutting of a name, or of one of its other names. */
    static Optional<WordCutting> named(String name) {
        String label = switch (name) {
            case "llama3", "llama-v3" -> "llama-bpe";
            case "deepseek-r1-qwen" -> "qwen2";
            default -> name;
        };
        return Arrays.stream(values()).filter(each -> each.label.equals(label)).findFirst();
    }

    /** The cutting a {@code tokenizer.json} asks for. */
    static Optional<WordCutting> of(JsonNode preTokenizer) {
        List<String> wanted = steps(preTokenizer);
        return Arrays.stream(values())
                .filter(each -> steps(each.preTokenizer()).equals(wanted))
                .findFirst();
    }

    /** As a {@code tokenizer.json} says it. */
    ObjectNode preTokenizer() {
        if (steps.length == 1) return steps[0].deepCopy();
        ObjectNode sequence = typed("Sequence");
        ArrayNode list = sequence.putArray("pretokenizers");
        for (ObjectNode step : steps) list.add(step.deepCopy());
        return sequence;
    }

    static String labels() {
        return Arrays.stream(values()).map(WordCutting::label).collect(Collectors.joining(", "));
    }

    /** What matters for tokens; a byte-level step that cuts nothing is the same in all. */
    private static List<String> steps(JsonNode preTokenizer) {
        List<String> steps = new ArrayList<>();
        if (preTokenizer.path("type").asText().equals("Sequence")) {
            for (JsonNode step : preTokenizer.path("pretokenizers")) steps.addAll(steps(step));
            return steps;
        }
        steps.add(
                switch (preTokenizer.path("type").asText()) {
                    case "Split" ->
                        "split " + preTokenizer.at("/pattern/Regex").asText() + " "
                                + preTokenizer.path("behavior").asText() + " "
                                + preTokenizer.path("invert").asBoolean();
                    case "Digits" ->
                        "digits " + preTokenizer.path("individual_digits").asBoolean();
                    case "ByteLevel" ->
                        "bytes " + preTokenizer.path("add_prefix_space").asBoolean() + " "
                                + preTokenizer.path("use_regex").asBoolean(true);
                    default -> preTokenizer.toString();
                });
        return steps;
    }

    private static ObjectNode typed(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    private static ObjectNode digits() {
        return typed("Digits").put("individual_digits", true);
    }

    private static ObjectNode byteLevel(boolean regex) {
        return typed("ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", regex);
    }

    private static ObjectNode split(String pattern) {
        ObjectNode split = typed("Split");
        split.putObject("pattern").put("Regex", pattern);
        return split.put("behavior", "Isolated").put("invert", false);
    }

    /** In a class of their own, because constants of the enum cannot see its fields. */
    private static final class Patterns {
        static final String LLAMA_3 = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|"
                + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
        static final String QWEN_2 = LLAMA_3.replace("\\p{N}{1,3}", "\\p{N}");
        static final String TEKKEN = "[^\\r"
                + "\\n"
                + "\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+|[^\\r"
                + "\\n"
                + "\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*|\\p{N}|"
                + " ?[^\\s\\p{L}\\p{N}]+[\\r"
                + "\\n"
                + "/]*|\\s*[\\r"
                + "\\n"
                + "]+|\\s+(?!\\S)|\\s+";
    }
}
