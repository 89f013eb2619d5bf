package dev.sinq4j.model.family;

import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Layer;
import java.util.Optional;

/**
 * Mistral: Llama without biases, and a query sees itself and the {@code sliding_window - 1} positions before it. The field
 * must be there, null for no window: transformers assumes 4096 where it is missing.
 */
final class Mistral implements Family {

    @Override
    public String modelType() {
        return "mistral";
    }

    @Override
    public String className() {
        return "MistralForCausalLM";
    }

    @Override
    public Architecture read(ConfigJson config) {
        config.requireText("hidden_act", "silu");
        config.requireFlag("attention_bias", false);
        if (!config.fields().has("sliding_window"))
            throw config.failure("sliding_window", "is missing; expected a whole number, or null for no window");
        Dimensions d = Dimensions.withDividedHeads(config);
        int width = config.size("intermediate_size");
        int window = Windows.ofEveryLayer(config);
        return Pieces.decoder(config, RopeFields.read(config, d.headDim(), 10_000), index -> {
            LayerNames names = LayerNames.of(index);
            return new Layer(
                    index,
                    names.norm("input_layernorm", d.hidden()),
                    Pieces.groupedQuery(names, d, window, false, false, Optional.empty()),
                    names.norm("post_attention_layernorm", d.hidden()),
                    Pieces.gated(names, d.hidden(), width, false));
        });
    }
}
