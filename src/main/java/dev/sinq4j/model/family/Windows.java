package dev.sinq4j.model.family;

import dev.sinq4j.model.architecture.Attention;
import java.util.List;
import java.util.OptionalInt;

/** Which layers see only the last {@code sliding_window} positions. */
final class Windows {

    private Windows() {}

    /** Every layer has the window, if there is one (Mistral, Phi-3). */
    static int ofEveryLayer(ConfigJson config) {
        return config.optionalSize("sliding_window").orElse(Attention.NO_WINDOW);
    }

    /**
     * Qwen: the layers {@code layer_types} says, without that field those from {@code max_window_layers} on, and none unless
     * {@code use_sliding_window}.
     */
    static int ofLayer(ConfigJson config, int layer) {
        List<String> types = config.texts("layer_types");
        if (!types.isEmpty()) return byType(config, types, layer);
        if (!config.flag("use_sliding_window", false)) return Attention.NO_WINDOW;
        OptionalInt first = config.whole("max_window_layers", 0, Integer.MAX_VALUE);
        if (first.isEmpty()) throw config.failure("max_window_layers", "is missing, though use_sliding_window is true");
        return layer >= first.getAsInt() ? config.size("sliding_window") : Attention.NO_WINDOW;
    }

    private static int byType(ConfigJson config, List<String> types, int layer) {
        int layers = Dimensions.layers(config);
        if (types.size() != layers)
            throw config.failure("layer_types", "has " + types.size() + " entries, but num_hidden_layers is " + layers);
        return switch (types.get(layer)) {
            case "full_attention" -> Attention.NO_WINDOW;
            case "sliding_attention" -> config.size("sliding_window");
            default -> throw config.wrong("layer_types", "full_attention or sliding_attention for each layer");
        };
    }
}
