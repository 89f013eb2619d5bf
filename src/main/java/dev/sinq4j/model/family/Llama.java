package dev.sinq4j.model.family;

import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Attention;
import dev.sinq4j.model.architecture.Layer;
import java.util.Optional;

/**
 * Llama 1, 2, 3 and what shares its form (SmolLM, TinyLlama).
 *
 * <pre>
 *   h += o attention(rope(q n), rope(k n), v n)      n = RMSNorm(h), input_layernorm
 *   h += down(silu(gate n) * up n)                   n = RMSNorm(h), post_attention_layernorm
 * </pre>
 *
 * {@code attention_bias} adds one to q, k, v and o; {@code mlp_bias} to gate, up and down.
 */
final class Llama implements Family {

    @Override
    public String modelType() {
        return "llama";
    }

    @Override
    public String className() {
        return "LlamaForCausalLM";
    }

    @Override
    public Architecture read(ConfigJson config) {
        config.requireText("hidden_act", "silu");
        config.requireFlag("rope_interleaved", false);
        Dimensions d = Dimensions.withDividedHeads(config);
        int width = config.size("intermediate_size");
        boolean attentionBias = config.flag("attention_bias", false);
        boolean mlpBias = config.flag("mlp_bias", false);
        return Pieces.decoder(config, RopeFields.read(config, d.headDim(), 10_000), index -> {
            LayerNames names = LayerNames.of(index);
            return new Layer(
                    index,
                    names.norm("input_layernorm", d.hidden()),
                    Pieces.groupedQuery(names, d, Attention.NO_WINDOW, attentionBias, attentionBias, Optional.empty()),
                    names.norm("post_attention_layernorm", d.hidden()),
                    Pieces.gated(names, d.hidden(), width, mlpBias));
        });
    }
}
