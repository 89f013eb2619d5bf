package dev.sinq4j.model.family;

import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Layer;

/**
 * Qwen 3: Llama with an RMSNorm over each query and key head before the rotation; heads have a width of their own.
 *
 * <pre>
 *   h += o attention(rope(norm(q n)), rope(norm(k n)), v n)
 *   h += down(silu(gate n) * up n)
 * </pre>
 */
final class Qwen3 implements Family {

    @Override
    public String modelType() {
        return "qwen3";
    }

    @Override
    public String className() {
        return "Qwen3ForCausalLM";
    }

    @Override
    public Architecture read(ConfigJson config) {
        config.requireText("hidden_act", "silu");
        Dimensions d = Dimensions.read(config);
        int width = config.size("intermediate_size");
        boolean bias = config.flag("attention_bias", false);
        return Pieces.decoder(config, RopeFields.read(config, d.headDim(), 10_000), index -> {
            LayerNames names = LayerNames.of(index);
            int window = Windows.ofLayer(config, index);
            return new Layer(
                    index,
                    names.norm("input_layernorm", d.hidden()),
                    Pieces.groupedQuery(names, d, window, bias, bias, Pieces.queryKeyNorm(names, d)),
                    names.norm("post_attention_layernorm", d.hidden()),
                    Pieces.gated(names, d.hidden(), width, false));
        });
    }
}
