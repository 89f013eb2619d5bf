package dev.sinq4j.model.family;

import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Attention.Latent;
import dev.sinq4j.model.architecture.Attention.LatentQuery;
import dev.sinq4j.model.architecture.FeedForward;
import dev.sinq4j.model.architecture.FeedForward.Experts;
import dev.sinq4j.model.architecture.FeedForward.GateUp;
import dev.sinq4j.model.architecture.FeedForward.Gated;
import dev.sinq4j.model.architecture.FeedForward.Routing;
import dev.sinq4j.model.architecture.Layer;
import dev.sinq4j.model.architecture.Role;
import java.util.OptionalInt;

/**
 * DeepSeek-V2 and V2-Lite: latent attention and, from {@code first_k_dense_replace} on, experts beside shared ones.
 *
 * <pre>
 *   c, r = split(kv_a n)                  r: the rotated key all heads share
 *   k, v = split(kv_b norm(c))            per head
 *   q    = q n, or q_b norm(q_a n)        per head: not rotated, rotated
 *   h   += o attention([q, rope(q)], [k, rope(r)], v)       scale (nope + rope)^-0.5
 *   h   += sum over chosen experts of weight * expert(n) + shared(n)
 * </pre>
 *
 * The arithmetic is that of the class built into transformers, whose softmax scale lacks the mscale^2 factor of DeepSeek's
 * own code.
 */
final class DeepseekV2 implements Family {

    /** Not in the configuration: the default of the class of the rank norms. */
    private static final float RANK_NORM_EPS = 1e-6f;

    @Override
    public String modelType() {
        return "deepseek_v2";
    }

    @Override
    public String className() {
        return "DeepseekV2ForCausalLM";
    }

    @Override
    public Architecture read(ConfigJson config) {
        config.requireText("hidden_act", "silu");
        config.requireFlag("attention_bias", false);
        config.requireFlag("mlp_bias", false);
        int hidden = config.size("hidden_size");
        int ropeDim = headPart(config, "qk_rope_head_dim");
        int denseLayers = config.whole("first_k_dense_replace", 0, ConfigJson.LARGEST_SIZE)
                .orElse(0);
        return Pieces.decoder(config, RopeFields.read(config, ropeDim, 10_000), index -> {
            LayerNames names = LayerNames.of(index);
            return new Layer(
                    index,
                    names.norm("input_layernorm", hidden),
                    attention(config, names, hidden, ropeDim),
                    names.norm("post_attention_layernorm", hidden),
                    index < denseLayers ? dense(config, names, hidden) : experts(config, names, hidden));
        });
    }

    private static Latent attention(ConfigJson config, LayerNames names, int hidden, int ropeDim) {
        int heads = Dimensions.heads(config);
        int nopeDim = headPart(config, "qk_nope_head_dim");
        int valueDim = headPart(config, "v_head_dim");
        int rank = config.size("kv_lora_rank");
        return new Latent(
                heads,
                nopeDim,
                ropeDim,
                valueDim,
                query(config, names, hidden, heads * (nopeDim + ropeDim)),
                rank,
                names.linear(Role.KV_A, "self_attn.kv_a_proj_with_mqa", rank + ropeDim, hidden),
                names.norm("self_attn.kv_a_layernorm", rank),
                names.linear(Role.KV_B, "self_attn.kv_b_proj", heads * (nopeDim + valueDim), rank),
                names.linear(Role.O, "self_attn.o_proj", hidden, heads * valueDim),
                RANK_NORM_EPS);
    }

    private static LatentQuery query(ConfigJson config, LayerNames names, int hidden, int rows) {
        OptionalInt rank = config.optionalSize("q_lora_rank");
        if (rank.isEmpty()) return new LatentQuery.Direct(names.linear(Role.Q, "self_attn.q_proj", rows, hidden));
        return new LatentQuery.LowRank(
                names.linear(Role.Q_A, "self_attn.q_a_proj", rank.getAsInt(), hidden),
                names.norm("self_attn.q_a_layernorm", rank.getAsInt()),
                names.linear(Role.Q_B, "self_attn.q_b_proj", rows, rank.getAsInt()));
    }

    private static FeedForward dense(ConfigJson config, LayerNames names, int hidden) {
        return Pieces.gated(names, hidden, config.size("intermediate_size"), false);
    }

    private static FeedForward experts(ConfigJson config, LayerNames names, int hidden) {
        int count = ExpertFields.count(config, "n_routed_experts");
        int width = config.size("moe_intermediate_size");
        return new Experts(
                names.router("mlp.gate", count, hidden),
                routing(config, count),
                Pieces.experts(names, count, hidden, width),
                config.whole("n_shared_experts", 0, 64).stream()
                        .filter(shared -> shared > 0)
                        .mapToObj(shared -> shared(names, hidden, shared * width))
                        .findAny());
    }

    /** The shared experts are stored as one network, as wide as all of them. */
    private static Gated shared(LayerNames names, int hidden, int width) {
        return new Gated(
                width,
                new GateUp.Separate(
                        names.linear(Role.SHARED_GATE, "mlp.shared_experts.gate_proj", width, hidden),
                        names.linear(Role.SHARED_UP, "mlp.shared_experts.up_proj", width, hidden)),
                names.linear(Role.SHARED_DOWN, "mlp.shared_experts.down_proj", hidden, width));
    }

    private static Routing routing(ConfigJson config, int count) {
        if (config.has("scoring_func")) config.requireText("scoring_func", "softmax");
        // transformers and DeepSeek's own code disagree on what it means
        config.requireFlag("norm_topk_prob", false);
        if (config.whole("moe_layer_freq", 1, Integer.MAX_VALUE).orElse(1) != 1)
            throw config.wrong("moe_layer_freq", "1 (nothing else is supported)");
        config.requireText("topk_method", "greedy", "group_limited_greedy");
        boolean grouped = config.text("topk_method").equals("group_limited_greedy");
        int groups = grouped ? config.size("n_group") : 1;
        int open = grouped ? config.size("topk_group") : 1;
        if (count % groups != 0) throw config.wrong("n_group", "a divisor of n_routed_experts, which is " + count);
        if (open > groups) throw config.wrong("topk_group", "at most n_group, which is " + groups);
        int perToken = ExpertFields.perToken(config, count / groups * open);
        float factor = (float) config.optionalPositive("routed_scaling_factor").orElse(1);
        return new Routing(perToken, false, factor, groups, open);
    }

    private static int headPart(ConfigJson config, String field) {
        return config.whole(field, 1, 1 << 13)
                .orElseThrow(() -> config.failure(field, "is missing; expected a whole number"));
    }
}
