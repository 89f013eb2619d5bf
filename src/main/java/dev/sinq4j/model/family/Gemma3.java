package dev.sinq4j.model.family;

import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Attention;
import dev.sinq4j.model.architecture.Attention.GroupedQuery;
import dev.sinq4j.model.architecture.Attention.QueryKeyNorm;
import dev.sinq4j.model.architecture.Attention.RopeKind;
import dev.sinq4j.model.architecture.FeedForward.Gate;
import dev.sinq4j.model.architecture.FeedForward.Gated;
import dev.sinq4j.model.architecture.Layer;
import dev.sinq4j.model.architecture.Layer.OutputNorms;
import dev.sinq4j.model.architecture.Parameter;
import dev.sinq4j.model.architecture.Rope;
import dev.sinq4j.model.architecture.RopeScaling;
import dev.sinq4j.model.family.Pieces.Ends;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Gemma 3, text only: norms before and after attention and network, and over each query and key head.
 *
 * <pre>
 *   h  = sqrt(hidden) embedding
 *   h += norm(o attention(rope(norm(q n)), rope(norm(k n)), v n))     scores / sqrt(query_pre_attn_scalar)
 *   h += norm(down(gelu(gate n) * up n))
 * </pre>
 *
 * Five layers of six see a window and are rotated with {@code rope_local_base_freq}, the others see everything and are rotated
 * with {@code rope_theta}. A norm's weight is stored less 1. The soft caps of Gemma 2 are refused: it is another family.
 */
final class Gemma3 implements Family {

    private static final int USUAL_PATTERN = 6;
    private static final float NORM_SHIFT = 1;

    @Override
    public String modelType() {
        return "gemma3_text";
    }

    @Override
    public String className() {
        return "Gemma3ForCausalLM";
    }

    @Override
    public Architecture read(ConfigJson config) {
        config.requireText("hidden_activation", "gelu_pytorch_tanh");
        config.requireFlag("use_bidirectional_attention", false);
        refuseSoftCap(config, "attn_logit_softcapping");
        refuseSoftCap(config, "final_logit_softcapping");
        Dimensions d = Dimensions.read(config);
        boolean bias = config.flag("attention_bias", false);
        float scale = (float) (1 / Math.sqrt(config.positive("query_pre_attn_scalar")));
        int width = config.size("intermediate_size");
        List<Integer> windows = windows(config, d.layers());
        double local = config.optionalPositive("rope_local_base_freq").orElse(10_000);
        Ends ends = new Ends(
                config.flag("tie_word_embeddings", true),
                Optional.of(new Rope(d.headDim(), local, new RopeScaling.None())),
                (float) Math.sqrt(d.hidden()),
                NORM_SHIFT);
        return Pieces.decoder(config, RopeFields.read(config, d.headDim(), 1_000_000), ends, index -> {
            LayerNames names = LayerNames.of(index);
            return new Layer(
                    index,
                    norm(names, "input_layernorm", d.hidden()),
                    attention(names, d, windows.get(index), bias, scale),
                    norm(names, "pre_feedforward_layernorm", d.hidden()),
                    geGlu(Pieces.gated(names, d.hidden(), width, false)),
                    Optional.of(new OutputNorms(
                            norm(names, "post_attention_layernorm", d.hidden()),
                            norm(names, "post_feedforward_layernorm", d.hidden()))));
        });
    }

    private static void refuseSoftCap(ConfigJson config, String field) {
        if (config.has(field)) throw config.wrong(field, "null: soft caps are not implemented");
    }

    private static GroupedQuery attention(LayerNames names, Dimensions d, int window, boolean bias, float scale) {
        GroupedQuery usual = Pieces.groupedQuery(names, d, window, bias, bias, Optional.empty());
        return new GroupedQuery(
                usual.heads(),
                usual.kvHeads(),
                usual.headDim(),
                window,
                usual.projections(),
                usual.output(),
                Optional.of(new QueryKeyNorm(
                        norm(names, "self_attn.q_norm", d.headDim()), norm(names, "self_attn.k_norm", d.headDim()))),
                scale,
                window == Attention.NO_WINDOW ? RopeKind.GLOBAL : RopeKind.LOCAL);
    }

    private static Gated geGlu(Gated network) {
        return new Gated(network.width(), network.projections(), network.down(), Gate.GELU_TANH);
    }

    private static Parameter norm(LayerNames names, String name, int size) {
        return names.norm(name, size).storedLess(NORM_SHIFT);
    }

    private static List<Integer> windows(ConfigJson config, int layers) {
        int window = config.size("sliding_window");
        if (!config.texts("layer_types").isEmpty())
            return IntStream.range(0, layers)
                    .mapToObj(layer -> Windows.ofLayer(config, layer))
                    .toList();
        int pattern = config.optionalSize("sliding_window_pattern").orElse(USUAL_PATTERN);
        return IntStream.range(0, layers)
                .mapToObj(layer -> (layer + 1) % pattern == 0 ? Attention.NO_WINDOW : window)
                .toList();
    }
}
