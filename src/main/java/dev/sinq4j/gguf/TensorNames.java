package dev.sinq4j.gguf;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** GGUF's tensor names and those of the Hugging Face layout, for decoders of the Llama and Qwen families. */
final class TensorNames {

    private static final Pattern LAYER = Pattern.compile("blk\\.(\\d+)\\.([a-z_]+)\\.(weight|bias)");

    private static final Map<String, String> TOP = Map.of(
            "token_embd.weight", "model.embed_tokens.weight",
            "output_norm.weight", "model.norm.weight",
            "output.weight", "lm_head.weight");

    private static final Map<String, String> IN_LAYER = Map.ofEntries(
            Map.entry("attn_norm", "input_layernorm"),
            Map.entry("ffn_norm", "post_attention_layernorm"),
            Map.entry("attn_q", "self_attn.q_proj"),
            Map.entry("attn_k", "self_attn.k_proj"),
            Map.entry("attn_v", "self_attn.v_proj"),
            Map.entry("attn_output", "self_attn.o_proj"),
            Map.entry("attn_q_norm", "self_attn.q_norm"),
            Map.entry("attn_k_norm", "self_attn.k_norm"),
            Map.entry("ffn_gate", "mlp.gate_proj"),
            Map.entry("ffn_up", "mlp.up_proj"),
            Map.entry("ffn_down", "mlp.down_proj"));

    private TensorNames() {}

    static Optional<String> huggingFace(String gguf) {
        @Nullable String top = TOP.get(gguf);
        if (top != null) return Optional.of(top);
        Matcher layer = LAYER.matcher(gguf);
        if (!layer.matches()) return Optional.empty();
        @Nullable String part = IN_LAYER.get(layer.group(2));
        if (part == null) return Optional.empty();
        return Optional.of("model.layers." + layer.group(1) + "." + part + "." + layer.group(3));
    }
}
