package dev.sinq4j.model.family;

import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Attention;
import dev.sinq4j.model.architecture.FeedForward.Xielu;
import dev.sinq4j.model.architecture.Layer;
import dev.sinq4j.model.architecture.Role;

/**
 * Apertus: norms over query and key heads, and xIELU instead of a gate.
 *
 * <pre>
 *   h += o attention(rope(norm(q n)), rope(norm(k n)), v n)     n = RMSNorm(h), attention_layernorm
 *   h += down(xIELU(up n))                                      n = RMSNorm(h), feedforward_layernorm
 *   xIELU(x) = p x^2 + beta x                          x > 0    p = softplus(alpha_p)
 *              n (expm1(min(x, eps)) - x) + beta x     else     n = beta + softplus(alpha_n)
 * </pre>
 */
final class Apertus implements Family {

    /** softplus of it is 0.8, what training starts with. */
    private static final float ALPHA_P = 0.203f;

    /** softplus of it is 0.3. */
    private static final float ALPHA_N = -1.05f;

    @Override
    public String modelType() {
        return "apertus";
    }

    @Override
    public String className() {
        return "ApertusForCausalLM";
    }

    @Override
    public Architecture read(ConfigJson config) {
        config.requireText("hidden_act", "xielu");
        config.requireFlag("qk_norm", true);
        config.requireFlag("post_norm", false);
        Dimensions d = Dimensions.withDividedHeads(config);
        int width = config.size("intermediate_size");
        boolean attentionBias = config.flag("attention_bias", false);
        boolean mlpBias = config.flag("mlp_bias", false);
        return Pieces.decoder(config, RopeFields.read(config, d.headDim(), 12_000_000), index -> {
            LayerNames names = LayerNames.of(index);
            return new Layer(
                    index,
                    names.norm("attention_layernorm", d.hidden()),
                    Pieces.groupedQuery(
                            names, d, Attention.NO_WINDOW, attentionBias, attentionBias, Pieces.queryKeyNorm(names, d)),
                    names.norm("feedforward_layernorm", d.hidden()),
                    xielu(names, d.hidden(), width, mlpBias));
        });
    }

    private static Xielu xielu(LayerNames names, int hidden, int width, boolean bias) {
        return new Xielu(
                width,
                names.linear(Role.UP, "mlp.up_proj", width, hidden, bias),
                names.linear(Role.DOWN, "mlp.down_proj", hidden, width, bias),
                names.single("mlp.act_fn.alpha_p", ALPHA_P),
                names.single("mlp.act_fn.alpha_n", ALPHA_N),
                names.constant("mlp.act_fn.beta", 0.5f),
                names.constant("mlp.act_fn.eps", -1e-6f));
    }
}
