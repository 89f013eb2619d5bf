package dev.sinq4j.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sinq4j.failure.UnavailableFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A file's byte-level BPE tokenizer as the {@code tokenizer.json} and {@code tokenizer_config.json} of the same model. */
final class GgufTokenizer {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** A token that only ever stands for itself, such as the end of a turn; never part of a text's words. */
    private static final long CONTROL = 3;
    /** A token that is looked for in a text before it is cut into words. */
    private static final long USER_DEFINED = 4;

    private static final String LLAMA_3_WORDS =
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|"
                    + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String QWEN_2_WORDS = LLAMA_3_WORDS.replace("\\p{N}{1,3}", "\\p{N}");

    private final GgufMetadata metadata;
    private final List<String> tokens;
    private final String words;

    private GgufTokenizer(GgufMetadata metadata) {
        this.metadata = metadata;
        this.tokens = metadata.texts("tokenizer.ggml.tokens");
        this.words = metadata.text("tokenizer.ggml.pre").orElse("default");
    }

    /** @throws UnavailableFailure if the tokenizer is of a kind not converted */
    static GgufTokenizer of(GgufMetadata metadata) {
        String model = metadata.text("tokenizer.ggml.model").orElse("none");
        if (!model.equals("gpt2"))
            throw new UnavailableFailure(metadata.name() + ": its tokenizer is of the kind '" + model
                    + "', which is not converted; put the model's tokenizer.json and tokenizer_config.json beside it");
        return new GgufTokenizer(metadata);
    }

    /** The file {@code tokenizer.json}. */
    ObjectNode tokenizer() {
        ObjectNode root = JSON.objectNode();
        root.put("version", "1.0");
        root.putNull("truncation");
        root.putNull("padding");
        root.set("added_tokens", addedTokens());
        root.set("normalizer", isQwen() ? typed("NFC") : JSON.nullNode());
        root.set("pre_tokenizer", preTokenizer());
        root.set("post_processor", bosToPrepend().map(this::postProcessor).orElse(null));
        root.set("decoder", byteLevel(true, true));
        root.set("model", model());
        return root;
    }

    /** The file {@code tokenizer_config.json}. */
    ObjectNode tokenizerConfig() {
        ObjectNode root = JSON.objectNode();
        root.put("tokenizer_class", "PreTrainedTokenizerFast");
        root.put("clean_up_tokenization_spaces", false);
        for (var role : Map.of("bos", "bos", "eos", "eos", "unk", "unknown", "pad", "padding")
                .entrySet()) token(role.getValue()).ifPresent(text -> root.put(role.getKey() + "_token", text));
        metadata.text("tokenizer.chat_template").ifPresent(template -> root.put("chat_template", template));
        return root;
    }

    private Optional<String> token(String role) {
        Optional<Long> id = metadata.id("tokenizer.ggml." + role + "_token_id");
        if (id.isPresent() && (id.get() < 0 || id.get() >= tokens.size()))
            throw new UnavailableFailure(metadata.name() + ": " + role + "_token_id " + id.get() + " is no token");
        return id.map(Long::intValue).map(tokens::get);
    }

    private ArrayNode addedTokens() {
        List<Long> types = metadata.ids("tokenizer.ggml.token_type");
        ArrayNode added = JSON.arrayNode();
        for (int id = 0; id < Math.min(types.size(), tokens.size()); id++) {
            long type = types.get(id);
            if (type != CONTROL && type != USER_DEFINED) continue;
            ObjectNode token = added.addObject();
            token.put("id", id);
            token.put("content", tokens.get(id));
            for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) token.put(flag, false);
            token.put("special", type == CONTROL);
        }
        return added;
    }

    private boolean isQwen() {
        return words.equals("qwen2") || words.equals("deepseek-r1-qwen");
    }

    private boolean isLlama3() {
        return words.equals("llama-bpe") || words.equals("llama3") || words.equals("llama-v3");
    }

    private ObjectNode preTokenizer() {
        if (isQwen()) return sequence(split(QWEN_2_WORDS), byteLevel(false, false));
        if (isLlama3()) return sequence(split(LLAMA_3_WORDS), byteLevel(false, false));
        return switch (words) {
            case "smollm" -> {
                ObjectNode digits = typed("Digits");
                digits.put("individual_digits", true);
                yield sequence(digits, byteLevel(false, true));
            }
            case "gpt-2" -> byteLevel(false, true);
            default ->
                throw new UnavailableFailure(metadata.name() + ": how its tokenizer cuts words, '" + words
                        + "', is none of smollm, gpt-2, llama-bpe, qwen2; put the model's tokenizer.json and"
                        + " tokenizer_config.json beside it");
        };
    }

    private Optional<String> bosToPrepend() {
        return metadata.truth("tokenizer.ggml.add_bos_token").orElse(isLlama3()) ? token("bos") : Optional.empty();
    }

    private ObjectNode postProcessor(String bos) {
        ObjectNode processor = typed("TemplateProcessing");
        for (String template : List.of("single", "pair")) {
            ArrayNode parts = processor.putArray(template);
            for (String sequence : template.equals("single") ? List.of("A") : List.of("A", "B")) {
                int type = sequence.equals("A") ? 0 : 1;
                parts.addObject().putObject("SpecialToken").put("id", bos).put("type_id", type);
                parts.addObject().putObject("Sequence").put("id", sequence).put("type_id", type);
            }
        }
        ObjectNode token = processor.putObject("special_tokens").putObject(bos);
        token.put("id", bos);
        token.putArray("ids").add(tokens.indexOf(bos));
        token.putArray("tokens").add(bos);
        return processor;
    }

    private ObjectNode model() {
        ObjectNode model = typed("BPE");
        for (String option : List.of("dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix"))
            model.putNull(option);
        model.put("fuse_unk", false);
        model.put("byte_fallback", false);
        model.put("ignore_merges", isLlama3());
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) vocabulary.put(tokens.get(id), id);
        ArrayNode merges = model.putArray("merges");
        for (String merge : metadata.texts("tokenizer.ggml.merges")) {
            // byte-level tokens hold no blank, so the blank is between the two
            int blank = merge.indexOf(' ', 1);
            if (blank < 0) throw new UnavailableFailure(metadata.name() + ": not two tokens to merge: '" + merge + "'");
            merges.addArray().add(merge.substring(0, blank)).add(merge.substring(blank + 1));
        }
        return model;
    }

    private static ObjectNode typed(String type) {
        return JSON.objectNode().put("type", type);
    }

    private static ObjectNode byteLevel(boolean prefixSpace, boolean regex) {
        return typed("ByteLevel")
                .put("add_prefix_space", prefixSpace)
                .put("trim_offsets", true)
                .put("use_regex", regex);
    }

    private static ObjectNode split(String pattern) {
        ObjectNode split = typed("Split");
        split.putObject("pattern").put("Regex", pattern);
        return split.put("behavior", "Isolated").put("invert", false);
    }

    private static ObjectNode sequence(ObjectNode... parts) {
        ObjectNode sequence = typed("Sequence");
        ArrayNode list = sequence.putArray("pretokenizers");
        for (ObjectNode part : parts) list.add(part);
        return sequence;
    }
}
