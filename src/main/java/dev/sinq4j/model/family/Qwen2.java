package dev.sinq4j.model.family;

import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Layer;
import java.util.Optional;

/** Qwen 2 and 2.5: Llama with biases on q, k and v; some layers may have a sliding window. */
final class Qwen2 implements Family {

    @Override
    public String modelType() {
        return "qwen2";
    }

    @Override
    public String className() {
        return "Qwen2ForCausalLM";
    }

    @Override
    public Architecture read(ConfigJson config) {
        config.requireText("hidden_act", "silu");
        config.requireFlag("use_mrope", false);
        Dimensions d = Dimensions.withDividedHeads(config);
        int width = config.size("intermediate_size");
        return Pieces.decoder(config, RopeFields.read(config, d.headDim(), 10_000), index -> {
            LayerNames names = LayerNames.of(index);
            int window = Windows.ofLayer(config, index);
            return new Layer(
                    index,
                    names.norm("input_layernorm", d.hidden()),
                    Pieces.groupedQuery(names, d, window, true, false, Optional.empty()),
                    names.norm("post_attention_layernorm", d.hidden()),
                    Pieces.gated(names, d.hidden(), width, false));
        });
    }
}
