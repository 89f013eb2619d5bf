package dev.sinq4j.model.family;

import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Attention;
import dev.sinq4j.model.architecture.FeedForward;
import dev.sinq4j.model.architecture.FeedForward.Experts;
import dev.sinq4j.model.architecture.FeedForward.Routing;
import dev.sinq4j.model.architecture.Layer;
import java.util.List;
import java.util.Optional;

/**
 * Qwen 3 with experts: attention as in Qwen 3; the router's softmax over all experts, the largest
 * {@code num_experts_per_tok} chosen and, with {@code norm_topk_prob}, divided by their sum.
 *
 * <p>A layer has experts unless {@code mlp_only_layers} lists it or (layer + 1) is no multiple of
 * {@code decoder_sparse_step}.
 */
final class Qwen3Moe implements Family {

    @Override
    public String modelType() {
        return "qwen3_moe";
    }

    @Override
    public String className() {
        return "Qwen3MoeForCausalLM";
    }

    @Override
    public Architecture read(ConfigJson config) {
        config.requireText("hidden_act", "silu");
        Dimensions d = Dimensions.read(config);
        boolean bias = config.flag("attention_bias", false);
        int window = config.flag("use_sliding_window", false) ? config.size("sliding_window") : Attention.NO_WINDOW;
        List<Integer> denseLayers = config.wholes("mlp_only_layers");
        int step = config.size("decoder_sparse_step");
        return Pieces.decoder(config, RopeFields.read(config, d.headDim(), 10_000), index -> {
            LayerNames names = LayerNames.of(index);
            boolean sparse = !denseLayers.contains(index) && (index + 1) % step == 0;
            return new Layer(
                    index,
                    names.norm("input_layernorm", d.hidden()),
                    Pieces.groupedQuery(names, d, window, bias, bias, Pieces.queryKeyNorm(names, d)),
                    names.norm("post_attention_layernorm", d.hidden()),
                    sparse ? experts(config, names, d.hidden()) : dense(config, names, d.hidden()));
        });
    }

    private static FeedForward dense(ConfigJson config, LayerNames names, int hidden) {
        return Pieces.gated(names, hidden, config.size("intermediate_size"), false);
    }

    private static FeedForward experts(ConfigJson config, LayerNames names, int hidden) {
        int count = ExpertFields.count(config, "num_experts");
        Routing routing =
                new Routing(ExpertFields.perToken(config, count), config.flag("norm_topk_prob", false), 1, 1, 1);
        return new Experts(
                names.router("mlp.gate", count, hidden),
                routing,
                Pieces.experts(names, count, hidden, config.size("moe_intermediate_size")),
                Optional.empty());
    }
}
