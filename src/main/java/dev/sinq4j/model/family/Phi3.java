package dev.sinq4j.model.family;

import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Attention.GroupedQuery;
import dev.sinq4j.model.architecture.Attention.QueryKeyValue;
import dev.sinq4j.model.architecture.FeedForward.GateUp;
import dev.sinq4j.model.architecture.FeedForward.Gated;
import dev.sinq4j.model.architecture.Layer;
import dev.sinq4j.model.architecture.Role;
import java.util.Optional;

/**
 * Phi-3 and Phi-4: Llama with q, k, v in one matrix and gate, up in another; possibly only the first
 * {@code partial_rotary_factor} of each head is rotated.
 */
final class Phi3 implements Family {

    @Override
    public String modelType() {
        return "phi3";
    }

    @Override
    public String className() {
        return "Phi3ForCausalLM";
    }

    @Override
    public Architecture read(ConfigJson config) {
        config.requireText("hidden_act", "silu");
        config.requireFlag("attention_bias", false);
        Dimensions d = Dimensions.withDividedHeads(config);
        int width = config.size("intermediate_size");
        int window = Windows.ofEveryLayer(config);
        return Pieces.decoder(config, RopeFields.read(config, rotated(config, d), 10_000), index -> {
            LayerNames names = LayerNames.of(index);
            return new Layer(
                    index,
                    names.norm("input_layernorm", d.hidden()),
                    attention(names, d, window),
                    names.norm("post_attention_layernorm", d.hidden()),
                    new Gated(
                            width,
                            new GateUp.Fused(names.linear(Role.GATE_UP, "mlp.gate_up_proj", 2 * width, d.hidden())),
                            names.linear(Role.DOWN, "mlp.down_proj", d.hidden(), width)));
        });
    }

    private static int rotated(ConfigJson config, Dimensions d) {
        double part = config.optionalPositive("partial_rotary_factor").orElse(1);
        if (part > 1) throw config.wrong("partial_rotary_factor", "at most 1");
        int rotated = (int) (d.headDim() * part);
        if (rotated == 0) throw config.wrong("partial_rotary_factor", "enough to rotate one pair of " + d.headDim());
        return rotated;
    }

    private static GroupedQuery attention(LayerNames names, Dimensions d, int window) {
        int queries = d.heads() * d.headDim();
        int keys = d.kvHeads() * d.headDim();
        return new GroupedQuery(
                d.heads(),
                d.kvHeads(),
                d.headDim(),
                window,
                new QueryKeyValue.Fused(names.linear(Role.QKV, "self_attn.qkv_proj", queries + 2 * keys, d.hidden())),
                names.linear(Role.O, "self_attn.o_proj", d.hidden(), queries),
                Optional.empty());
    }
}
