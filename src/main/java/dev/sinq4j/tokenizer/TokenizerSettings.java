package dev.sinq4j.tokenizer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * What the files beside {@code tokenizer.json} say about it: {@code tokenizer_config.json}, {@code special_tokens_map.json},
 * {@code generation_config.json}, {@code config.json} and {@code chat_template.jinja}; all of them may be absent.
 *
 * @param specialTokens the named special tokens as text: bos_token, eos_token, pad_token, unk_token, ...
 * @param bosId         beginning-of-text id that config.json names, for folders that name no token
 * @param eosIds        ids that end a generation according to generation_config.json or, without it, config.json; may be empty
 * @param addsBos       whether this class of tokenizer puts bos_token in front whatever tokenizer.json says; absent: ask that
 * @param addsEos       the same for eos_token behind
 * @param chatTemplate  Jinja text
 */
record TokenizerSettings(
        Map<String, String> specialTokens,
        OptionalInt bosId,
        Set<Integer> eosIds,
        Optional<Boolean> addsBos,
        boolean addsEos,
        Optional<String> chatTemplate) {

    static final TokenizerSettings NONE =
            new TokenizerSettings(Map.of(), OptionalInt.empty(), Set.of(), Optional.empty(), false, Optional.empty());

    /** Their transformers classes build the post-processor from add_bos_token and add_eos_token, not from the file. */
    private static final Set<String> REBUILDS_POST_PROCESSOR =
            Set.of("LlamaTokenizer", "CodeLlamaTokenizer", "GemmaTokenizer", "CohereTokenizer");

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonParser.Feature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    /** The settings in a folder. */
    static TokenizerSettings read(Path folder) {
        return read(name -> {
            Path file = folder.resolve(name);
            return Files.exists(file) ? Optional.of(text(file)) : Optional.empty();
        });
    }

    /** @param files the text of a file by its name, if there is such a file */
    static TokenizerSettings read(Function<String, Optional<String>> files) {
        JsonNode tokenizer = json(files, "tokenizer_config.json");
        JsonNode config = json(files, "config.json");
        Map<String, String> special = specialTokens(json(files, "special_tokens_map.json"));
        special.putAll(specialTokens(tokenizer));
        tokenizer.properties().forEach(field -> {
            if (field.getKey().endsWith("_token") && field.getValue().isNull()) special.remove(field.getKey());
        });
        String type = tokenizer.path("tokenizer_class").asText("").replaceFirst("Fast$", "");
        boolean rebuilds = REBUILDS_POST_PROCESSOR.contains(type);
        return new TokenizerSettings(
                Map.copyOf(special),
                tokenizer.isMissingNode() ? id(config.path("bos_token_id")) : OptionalInt.empty(),
                eosIds(json(files, "generation_config.json"), config),
                rebuilds ? Optional.of(tokenizer.path("add_bos_token").asBoolean(true)) : Optional.empty(),
                rebuilds && tokenizer.path("add_eos_token").asBoolean(false),
                chatTemplate(files, tokenizer));
    }

    private static Map<String, String> specialTokens(JsonNode file) {
        Map<String, String> tokens = new LinkedHashMap<>();
        file.properties().forEach(field -> {
            // a token is its text or, written by newer versions, an object with its text and how it is matched
            JsonNode content = field.getValue().isObject() ? field.getValue().path("content") : field.getValue();
            if (field.getKey().endsWith("_token") && content.isTextual()) tokens.put(field.getKey(), content.asText());
        });
        return tokens;
    }

    private static Set<Integer> eosIds(JsonNode generation, JsonNode config) {
        JsonNode ids =
                generation.hasNonNull("eos_token_id") ? generation.get("eos_token_id") : config.path("eos_token_id");
        Set<Integer> result = new LinkedHashSet<>();
        if (ids.isArray()) ids.forEach(id -> id(id).ifPresent(result::add));
        else id(ids).ifPresent(result::add);
        return result;
    }

    private static OptionalInt id(JsonNode node) {
        return node.canConvertToInt() && node.isIntegralNumber() && node.intValue() >= 0
                ? OptionalInt.of(node.intValue())
                : OptionalInt.empty();
    }

    /** A file of its own wins; of several named templates in the configuration the default one counts. */
    private static Optional<String> chatTemplate(Function<String, Optional<String>> files, JsonNode tokenizer) {
        Optional<String> file = files.apply("chat_template.jinja");
        if (file.isPresent()) return file;
        JsonNode template = tokenizer.path("chat_template");
        if (template.isTextual()) return Optional.of(template.asText());
        for (JsonNode named : template)
            if (named.path("name").asText("").equals("default")
                    && named.path("template").isTextual())
                return Optional.of(named.path("template").asText());
        return Optional.empty();
    }

    private static JsonNode json(Function<String, Optional<String>> files, String name) {
        Optional<String> text = files.apply(name);
        if (text.isEmpty()) return MissingNode.getInstance();
        JsonNode root;
        try {
            root = JSON.readTree(text.get());
        } catch (JsonProcessingException e) {
            throw new UnavailableFailure(name + ": not valid JSON: " + e.getOriginalMessage(), e);
        }
        if (!root.isObject()) throw new UnavailableFailure(name + ": not a JSON object");
        return root;
    }

    /** A whole text file; bytes that are not UTF-8 are refused. */
    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UnavailableFailure(file + ": cannot be read as UTF-8 text: " + e.getMessage(), e);
        }
    }
}
