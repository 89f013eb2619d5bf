package dev.sinq4j.gguf;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** GGUF's tensor names and those of the Hugging Face layout, both ways, for decoders of the Llama, Qwen and Apertus families. */
public final class TensorNames {

    private static final Pattern LAYER = Pattern.compile("blk\\.(\\d{1,6})\\.([a-z_]+)\\.(weight|bias)");
    private static final Pattern HF_LAYER = Pattern.compile("model\\.layers\\.(\\d{1,6})\\.([a-z_.]+)\\.(weight|bias)");
    private static final Pattern HF_EXPERT =
            Pattern.compile("model\\.layers\\.(\\d{1,6})\\.mlp\\.experts\\.(\\d{1,6})\\.([a-z_]+)\\.weight");

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
            Map.entry("ffn_down", "mlp.down_proj"),
            Map.entry("ffn_gate_inp", "mlp.gate"));

    private static final Map<String, String> APERTUS_NORMS =
            Map.of("attn_norm", "attention_layernorm", "ffn_norm", "feedforward_layernorm");

    /** All experts of a layer in one tensor. */
    private static final Map<String, String> STACKED =
            Map.of("ffn_gate_exps", "gate_proj", "ffn_up_exps", "up_proj", "ffn_down_exps", "down_proj");

    private TensorNames() {}

    /**
     * Where a tensor of the Hugging Face layout lies.
     *
     * @param tensor GGUF's name
     * @param expert which part of a stacked tensor; -1 for a whole one
     */
    public record Slot(String tensor, int expert) {}

    /** GGUF's place for a tensor of the Hugging Face layout. */
    public static Optional<Slot> gguf(String huggingFace) {
        for (var top : TOP.entrySet())
            if (top.getValue().equals(huggingFace)) return Optional.of(new Slot(top.getKey(), -1));
        Matcher expert = HF_EXPERT.matcher(huggingFace);
        if (expert.matches())
            return key(STACKED, expert.group(3))
                    .map(name -> new Slot(
                            "blk." + expert.group(1) + "." + name + ".weight", Integer.parseInt(expert.group(2))));
        Matcher layer = HF_LAYER.matcher(huggingFace);
        if (!layer.matches()) return Optional.empty();
        return key(IN_LAYER, layer.group(2))
                .or(() -> key(APERTUS_NORMS, layer.group(2)))
                .map(name -> new Slot("blk." + layer.group(1) + "." + name + "." + layer.group(3), -1));
    }

    private static Optional<String> key(Map<String, String> names, String value) {
        return names.entrySet().stream()
                .filter(entry -> entry.getValue().equals(value))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** The name in the Hugging Face layout. */
    static Optional<String> huggingFace(String gguf, String architecture) {
        @Nullable String top = TOP.get(gguf);
        if (top != null) return Optional.of(top);
        Matcher layer = LAYER.matcher(gguf);
        if (!layer.matches()) return Optional.empty();
        Map<String, String> names = new HashMap<>(IN_LAYER);
        if (architecture.equals("apertus")) names.putAll(APERTUS_NORMS);
        @Nullable String part = names.get(layer.group(2));
        if (part == null) return Optional.empty();
        return Optional.of("model.layers." + layer.group(1) + "." + part + "." + layer.group(3));
    }

    /** Of a tensor that stacks a layer's experts, the Hugging Face names with {@code %d} for the expert. */
    static Optional<String> stacked(String gguf) {
        Matcher layer = LAYER.matcher(gguf);
        if (!layer.matches() || !layer.group(3).equals("weight")) return Optional.empty();
        @Nullable String part = STACKED.get(layer.group(2));
        if (part == null) return Optional.empty();
        return Optional.of("model.layers." + layer.group(1) + ".mlp.experts.%d." + part + ".weight");
    }

    /**
     * Where a file keeps a row of a matrix whose heads' halves lie side by side there: row 64 h + 32 p + i of a head of 64 at row
     * 64 h + 2 i + p.
     *
     * @param heads 0 where the rows are in order
     */
    public static long storedRow(long row, long rows, long heads) {
        if (heads == 0) return row;
        long size = rows / heads;
        long within = row % size;
        long half = within / (size / 2);
        return row - within + 2 * (within % (size / 2)) + half;
    }
}
