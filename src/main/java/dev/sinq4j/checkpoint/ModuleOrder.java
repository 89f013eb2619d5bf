package dev.sinq4j.checkpoint;

import java.util.Comparator;
import java.util.List;

/**
 * The order in which PyTorch walks the modules of the supported families, by name alone; the reference stores tensors in
 * it, and it decides where shards are cut. Names are compared part by part: numbers by value, words by their place in the
 * list below, unknown words last and alphabetically.
 */
final class ModuleOrder implements Comparator<String> {

    private static final List<String> WORDS = List.of(
            "model",
            "embed_tokens",
            "layers",
            // attention
            "self_attn",
            "q_proj",
            "q_a_proj",
            "q_a_layernorm",
            "q_b_proj",
            "kv_a_proj_with_mqa",
            "kv_a_layernorm",
            "kv_b_proj",
            "k_proj",
            "v_proj",
            "o_proj",
            "qkv_proj",
            "q_norm",
            "k_norm",
            // feed-forward
            "mlp",
            "gate",
            "experts",
            "shared_experts",
            "gate_proj",
            "gate_up_proj",
            "up_proj",
            "down_proj",
            "act_fn",
            "alpha_p",
            "alpha_n",
            "beta",
            "eps",
            // norms of a layer, then of the model
            "input_layernorm",
            "attention_layernorm",
            "post_attention_layernorm",
            "feedforward_layernorm",
            "norm",
            "rotary_emb",
            "inv_freq",
            "lm_head",
            "weight",
            "bias");

    @Override
    public int compare(String a, String b) {
        String[] left = a.split("\\.");
        String[] right = b.split("\\.");
        for (int i = 0; i < Math.min(left.length, right.length); i++) {
            int order = compareParts(left[i], right[i]);
            if (order != 0) return order;
        }
        return Integer.compare(left.length, right.length);
    }

    private static int compareParts(String a, String b) {
        if (isNumber(a) && isNumber(b)) return Long.compare(Long.parseLong(a), Long.parseLong(b));
        int order = Integer.compare(rank(a), rank(b));
        return order != 0 ? order : a.compareTo(b);
    }

    private static boolean isNumber(String part) {
        return !part.isEmpty() && part.length() < 18 && part.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static int rank(String word) {
        int rank = WORDS.indexOf(word);
        return rank < 0 ? WORDS.size() : rank;
    }
}
