package dev.sinq4j.gguf;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sinq4j.failure.UnavailableFailure;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A file's metadata as the {@code config.json} of the same model. */
final class GgufConfig {

    private static final Map<String, String> CLASSES = Map.of(
            "llama", "LlamaForCausalLM",
            "qwen2", "Qwen2ForCausalLM",
            "qwen3", "Qwen3ForCausalLM",
            "qwen3moe", "Qwen3MoeForCausalLM",
            "apertus", "ApertusForCausalLM");

    private GgufConfig() {}

    /** @throws UnavailableFailure if the architecture is none this program converts */
    static ObjectNode of(GgufMetadata metadata, Map<String, GgufTensor> tensors) {
        String architecture = metadata.architecture();
        @Nullable String architectureClass = CLASSES.get(architecture);
        if (architectureClass == null)
            throw new UnavailableFailure(metadata.name() + ": the architecture '" + architecture
                    + "' is none of those converted from GGUF: "
                    + String.join(", ", new TreeSet<>(CLASSES.keySet())) + "; use the model's safetensors");
        long hidden = metadata.count("embedding_length");
        long heads = metadata.count("attention.head_count");
        if (heads == 0) throw new UnavailableFailure(metadata.name() + ": attention.head_count is 0");
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.putArray("architectures").add(architectureClass);
        config.put("model_type", architecture.equals("qwen3moe") ? "qwen3_moe" : architecture);
        config.put("hidden_size", hidden);
        config.put("intermediate_size", metadata.count("feed_forward_length"));
        config.put("num_hidden_layers", metadata.count("block_count"));
        config.put("num_attention_heads", heads);
        config.put(
                "num_key_value_heads",
                metadata.findCount("attention.head_count_kv").orElse(heads));
        config.put("head_dim", metadata.findCount("attention.key_length").orElse(hidden / heads));
        config.put("hidden_act", architecture.equals("apertus") ? "xielu" : "silu");
        if (architecture.equals("apertus")) config.put("qk_norm", true).put("post_norm", false);
        if (architecture.equals("qwen3moe")) putExperts(config, metadata);
        config.put(
                "rms_norm_eps",
                metadata.number("attention.layer_norm_rms_epsilon")
                        .orElseThrow(() -> new UnavailableFailure(
                                metadata.name() + ": the metadata lacks attention.layer_norm_rms_epsilon")));
        config.put("max_position_embeddings", metadata.count("context_length"));
        config.put("rope_theta", metadata.number("rope.freq_base").orElse(10000.0));
        config.set("rope_scaling", ropeScaling(metadata, tensors));
        config.put("attention_bias", tensors.containsKey("blk.0.attn_q.bias"));
        config.put("mlp_bias", tensors.containsKey("blk.0.ffn_gate.bias"));
        config.put("tie_word_embeddings", !tensors.containsKey("output.weight"));
        config.put("vocab_size", embeddingRows(metadata, tensors));
        metadata.id("tokenizer.ggml.bos_token_id").ifPresent(id -> config.put("bos_token_id", id));
        metadata.id("tokenizer.ggml.eos_token_id").ifPresent(id -> config.put("eos_token_id", id));
        metadata.id("tokenizer.ggml.padding_token_id").ifPresent(id -> config.put("pad_token_id", id));
        return config;
    }

    /** llama.cpp divides the chosen weights by their sum whatever a file says. */
    private static void putExperts(ObjectNode config, GgufMetadata metadata) {
        config.put("num_experts", metadata.count("expert_count"));
        config.put("num_experts_per_tok", metadata.count("expert_used_count"));
        config.put("moe_intermediate_size", metadata.count("expert_feed_forward_length"));
        config.put("norm_topk_prob", true);
        config.put("decoder_sparse_step", 1);
    }

    private static long embeddingRows(GgufMetadata metadata, Map<String, GgufTensor> tensors) {
        @Nullable GgufTensor embedding = tensors.get("token_embd.weight");
        if (embedding == null || embedding.shape().size() != 2)
            throw new UnavailableFailure(metadata.name() + ": no matrix token_embd.weight");
        return embedding.shape().getFirst();
    }

    /** Llama 3's scaling is not in the metadata but in a tensor of factors, made from one of two settings. */
    private static @Nullable ObjectNode ropeScaling(GgufMetadata metadata, Map<String, GgufTensor> tensors) {
        @Nullable GgufTensor factors = tensors.get("rope_freqs.weight");
        if (factors != null) return Llama3Scaling.recognise(metadata, factors);
        String type = metadata.architectureText("rope.scaling.type").orElse("none");
        if (type.equals("none")) return null;
        ObjectNode scaling = JsonNodeFactory.instance.objectNode();
        scaling.put("rope_type", type);
        scaling.put("factor", metadata.number("rope.scaling.factor").orElse(1.0));
        metadata.findCount("rope.scaling.original_context_length")
                .ifPresent(length -> scaling.put("original_max_position_embeddings", length));
        return scaling;
    }
}
