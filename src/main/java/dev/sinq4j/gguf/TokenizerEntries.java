package dev.sinq4j.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sinq4j.failure.UsageFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model's {@code tokenizer.json} and {@code tokenizer_config.json} as a file's metadata: the inverse of {@link GgufTokenizer}.
 * Byte-level BPE cut into words in a way llama.cpp knows, or SentencePiece's BPE.
 */
public final class TokenizerEntries {

    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final int UNUSED = 5;
    private static final int BYTE = 6;
    private static final int MOST_TOKENS = 1 << 24;

    private final String origin;
    private final JsonNode tokenizer;
    private final JsonNode settings;

    /**
     * @param origin    file, for messages
     * @param tokenizer {@code tokenizer.json}
     * @param settings  {@code tokenizer_config.json}; a missing node where there is none
     */
    public TokenizerEntries(String origin, JsonNode tokenizer, JsonNode settings) {
        this.origin = origin;
        this.tokenizer = tokenizer;
        this.settings = settings;
    }

    /** Says that a model has no tokenizer. */
    public static void none(GgufEntries entries) {
        entries.text("tokenizer.ggml.model", "none");
    }

    /**
     * @param vocabulary rows of the embedding: ids up to it that no token has are written as unused
     * @throws UsageFailure if the tokenizer is of a kind not written
     */
    public void add(GgufEntries entries, int vocabulary) {
        JsonNode model = tokenizer.path("model");
        if (!model.path("type").asText().equals("BPE") || !model.path("vocab").isObject())
            throw new UsageFailure(origin + ": only BPE tokenizers are written to GGUF; this is a "
                    + model.path("type").asText("(none)"));
        Map<String, Integer> ids = model.path("byte_fallback").asBoolean()
                ? addSentencePiece(entries, model, vocabulary)
                : addByteLevel(entries, model, vocabulary);
        role(entries, ids, "bos", "bos");
        role(entries, ids, "eos", "eos");
        role(entries, ids, "unk", "unknown");
        role(entries, ids, "pad", "padding");
        entries.truth("tokenizer.ggml.add_bos_token", addsBos());
        entries.truth("tokenizer.ggml.add_eos_token", false);
        if (settings.path("chat_template").isTextual())
            entries.text(
                    "tokenizer.chat_template", settings.path("chat_template").textValue());
    }

    /** Scores that merge in the order of the merges. */
    private Map<String, Integer> addSentencePiece(GgufEntries entries, JsonNode model, int vocabulary) {
        entries.text("tokenizer.ggml.model", "llama");
        entries.text("tokenizer.ggml.pre", "default");
        Map<String, Integer> ids = tokens(entries, model, vocabulary);
        List<String> merges = merges(model);
        float[] scores = new float[Math.max(vocabulary, count(ids))];
        Arrays.fill(scores, -merges.size());
        for (int rank = merges.size() - 1; rank >= 0; rank--) {
            @Nullable Integer id = ids.get(merges.get(rank).replace(" ", ""));
            if (id != null) scores[id] = -rank;
        }
        entries.numbers("tokenizer.ggml.scores", scores);
        entries.truth("tokenizer.ggml.add_space_prefix", putsBlankFirst());
        return ids;
    }

    private boolean putsBlankFirst() {
        boolean prepends = tokenizer.path("normalizer").toString().contains("\"Prepend\"");
        JsonNode cutting = tokenizer.path("pre_tokenizer");
        return prepends
                || (cutting.path("type").asText().equals("Metaspace")
                        && !cutting.path("prepend_scheme").asText().equals("never"));
    }

    private Map<String, Integer> addByteLevel(GgufEntries entries, JsonNode model, int vocabulary) {
        WordCutting words = WordCutting.of(tokenizer.path("pre_tokenizer"))
                .orElseThrow(() -> new UsageFailure(
                        origin + ": how it cuts words is none of the ways written to GGUF: " + WordCutting.labels()));
        entries.text("tokenizer.ggml.model", "gpt2");
        entries.text("tokenizer.ggml.pre", words.label());
        Map<String, Integer> ids = tokens(entries, model, vocabulary);
        entries.texts("tokenizer.ggml.merges", merges(model));
        return ids;
    }

    private static int count(Map<String, Integer> ids) {
        return ids.values().stream().mapToInt(id -> id + 1).max().orElse(0);
    }

    private Map<String, Integer> tokens(GgufEntries entries, JsonNode model, int vocabulary) {
        Map<String, Integer> ids = new HashMap<>();
        model.path("vocab").properties().forEach(token -> ids.put(token.getKey(), id(token.getValue())));
        for (JsonNode added : tokenizer.path("added_tokens"))
            ids.put(added.path("content").asText(), id(added.path("id")));
        int count = Math.max(vocabulary, count(ids));
        @Nullable String[] texts = new @Nullable String[count];
        int[] types = new int[count];
        Arrays.fill(types, UNUSED);
        ids.forEach((text, id) -> {
            texts[id] = text;
            types[id] = model.path("byte_fallback").asBoolean() && text.matches("<0x[0-9A-F]{2}>") ? BYTE : NORMAL;
        });
        for (JsonNode added : tokenizer.path("added_tokens"))
            types[added.path("id").asInt()] = added.path("special").asBoolean() ? CONTROL : USER_DEFINED;
        @Nullable Integer unknown = ids.get(model.path("unk_token").asText());
        if (unknown != null && !model.path("unk_token").isNull()) types[unknown] = UNKNOWN;
        List<String> all = new ArrayList<>();
        for (int id = 0; id < count; id++) all.add(texts[id] == null ? "[PAD" + id + "]" : texts[id]);
        entries.texts("tokenizer.ggml.tokens", all);
        entries.ids("tokenizer.ggml.token_type", types);
        return ids;
    }

    private int id(JsonNode number) {
        if (!number.isInt() || number.intValue() < 0 || number.intValue() > MOST_TOKENS)
            throw new UsageFailure(origin + ": a token has the id " + number + "; expected a whole number from 0 on");
        return number.intValue();
    }

    private List<String> merges(JsonNode model) {
        List<String> merges = new ArrayList<>();
        for (JsonNode merge : model.path("merges"))
            merges.add(
                    merge.isArray()
                            ? merge.path(0).asText() + " " + merge.path(1).asText()
                            : merge.asText());
        return merges;
    }

    private void role(GgufEntries entries, Map<String, Integer> ids, String huggingFace, String gguf) {
        JsonNode token = settings.path(huggingFace + "_token");
        String text = token.isObject() ? token.path("content").asText() : token.asText();
        if (text.isEmpty() && huggingFace.equals("bos")) text = firstSpecial();
        if (text.isEmpty() && huggingFace.equals("unk"))
            text = tokenizer.at("/model/unk_token").asText();
        @Nullable Integer id = ids.get(text);
        if (id != null && !token.isNull()) entries.count("tokenizer.ggml." + gguf + "_token_id", id);
    }

    private String firstSpecial() {
        return tokenizer.path("post_processor").findValues("SpecialToken").stream()
                .map(part -> part.path("id").asText())
                .findFirst()
                .orElse("");
    }

    /** Whether the post-processor puts a token first. */
    private boolean addsBos() {
        return !tokenizer.path("post_processor").findValues("SpecialToken").isEmpty();
    }
}
