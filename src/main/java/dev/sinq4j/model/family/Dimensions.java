package dev.sinq4j.model.family;

import java.util.OptionalInt;

/**
 * The sizes every family has.
 *
 * @param hidden  width of the residual stream
 * @param heads   query heads
 * @param kvHeads key and value heads
 * @param headDim numbers of a head
 * @param layers  decoder layers
 */
record Dimensions(int hidden, int heads, int kvHeads, int headDim, int layers) {

    private static final int MOST_LAYERS = 4096;
    private static final int MOST_HEADS = 1 << 14;
    private static final int WIDEST_HEAD = 1 << 14;

    /** As {@link #read}, and without {@code head_dim} a head has hidden / heads numbers. */
    static Dimensions withDividedHeads(ConfigJson config) {
        OptionalInt headDim = config.whole("head_dim", 1, WIDEST_HEAD);
        if (headDim.isPresent()) return read(config);
        int hidden = config.size("hidden_size");
        int heads = heads(config);
        if (hidden % heads != 0)
            throw config.failure(
                    "hidden_size",
                    hidden + " is not a multiple of num_attention_heads, " + heads + ", and there is no head_dim");
        return checked(config, hidden / heads);
    }

    /** Without {@code num_key_value_heads}, every query head has its own. */
    static Dimensions read(ConfigJson config) {
        return checked(
                config,
                config.whole("head_dim", 1, WIDEST_HEAD)
                        .orElseThrow(() -> config.failure("head_dim", "is missing; expected a whole number")));
    }

    private static Dimensions checked(ConfigJson config, int headDim) {
        int heads = heads(config);
        int kvHeads = config.whole("num_key_value_heads", 1, MOST_HEADS).orElse(heads);
        if (heads % kvHeads != 0)
            throw config.failure(
                    "num_key_value_heads", kvHeads + " does not divide num_attention_heads, which is " + heads);
        return new Dimensions(config.size("hidden_size"), heads, kvHeads, headDim, layers(config));
    }

    static int heads(ConfigJson config) {
        return required(config, "num_attention_heads", MOST_HEADS);
    }

    static int layers(ConfigJson config) {
        return required(config, "num_hidden_layers", MOST_LAYERS);
    }

    private static int required(ConfigJson config, String field, int most) {
        return config.whole(field, 1, most)
                .orElseThrow(() -> config.failure(field, "is missing; expected a whole number"));
    }
}
