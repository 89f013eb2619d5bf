package dev.sinq4j.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sinq4j.failure.UnavailableFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A file's tokenizer, byte-level BPE or SentencePiece, as the {@code tokenizer.json} and {@code tokenizer_config.json} of the same model. */
final class GgufTokenizer {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** A token that only ever stands for itself, such as the end of a turn; never part of a text's words. */
    private static final long CONTROL = 3;
    /** SentencePiece's token for what it does not know. */
    private static final long UNKNOWN = 2;
    /** A token that is looked for in a text before it is cut into words. */
    private static final long USER_DEFINED = 4;

    private final GgufMetadata metadata;
    private final List<String> tokens;
    private final String words;
    private final boolean sentencePiece;

    private GgufTokenizer(GgufMetadata metadata, boolean sentencePiece) {
        this.sentencePiece = sentencePiece;
        this.metadata = metadata;
        this.tokens = metadata.texts("tokenizer.ggml.tokens");
        this.words = metadata.text("tokenizer.ggml.pre").orElse("default");
    }

    /** @throws UnavailableFailure if the tokenizer is of a kind not converted */
    static GgufTokenizer of(GgufMetadata metadata) {
        String model = metadata.text("tokenizer.ggml.model").orElse("none");
        if (!model.equals("gpt2") && !model.equals("llama"))
            throw new UnavailableFailure(metadata.name() + ": its tokenizer is of the kind '" + model
                    + "', which is not converted; put the model's tokenizer.json and tokenizer_config.json beside it");
        return new GgufTokenizer(metadata, model.equals("llama"));
    }

    /** The file {@code tokenizer.json}. */
    ObjectNode tokenizer() {
        ObjectNode root = JSON.objectNode();
        root.put("version", "1.0");
        root.putNull("truncation");
        root.putNull("padding");
        root.set("added_tokens", addedTokens());
        if (sentencePiece) root.set("normalizer", SentencePiece.normalizer(spacePrefix()));
        else root.set("normalizer", isQwen() ? typed("NFC") : JSON.nullNode());
        root.set("pre_tokenizer", sentencePiece ? JSON.nullNode() : preTokenizer());
        root.set("post_processor", bosToPrepend().map(this::postProcessor).orElse(null));
        root.set("decoder", sentencePiece ? SentencePiece.decoder(spacePrefix()) : byteLevel(true, true));
        root.set("model", sentencePiece ? sentencePieceModel() : model());
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
            boolean special = type == CONTROL || (sentencePiece && type == UNKNOWN);
            if (!special && type != USER_DEFINED) continue;
            ObjectNode token = added.addObject();
            token.put("id", id);
            token.put("content", tokens.get(id));
            for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) token.put(flag, false);
            token.put("special", special);
        }
        return added;
    }

    private boolean spacePrefix() {
        return metadata.truth("tokenizer.ggml.add_space_prefix").orElse(true);
    }

    private ObjectNode sentencePieceModel() {
        List<Double> scores = metadata.numbers("tokenizer.ggml.scores");
        if (scores.size() != tokens.size())
            throw new UnavailableFailure(metadata.name() + ": tokenizer.ggml.scores has " + scores.size()
                    + " numbers for " + tokens.size() + " tokens");
        return SentencePiece.model(tokens, scores, token("unknown").orElse(null));
    }

    private boolean isQwen() {
        return WordCutting.named(words)
                .filter(cutting -> cutting == WordCutting.QWEN_2)
                .isPresent();
    }

    private boolean isLlama3() {
        return WordCutting.named(words)
                .filter(cutting -> cutting == WordCutting.LLAMA_3)
                .isPresent();
    }

    private ObjectNode preTokenizer() {
        return WordCutting.named(words)
                .map(WordCutting::preTokenizer)
                .orElseThrow(() -> new UnavailableFailure(metadata.name() + ": how its tokenizer cuts words, '" + words
                        + "', is none of " + WordCutting.labels() + "; put the model's tokenizer.json and"
                        + " tokenizer_config.json beside it"));
    }

    private Optional<String> bosToPrepend() {
        return metadata.truth("tokenizer.ggml.add_bos_token").orElse(sentencePiece || isLlama3())
                ? token("bos")
                : Optional.empty();
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
}
