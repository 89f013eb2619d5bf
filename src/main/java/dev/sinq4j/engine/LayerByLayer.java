package dev.sinq4j.engine;

import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Layer;
import java.util.ArrayList;
import java.util.List;

/**
 * Evaluates a model that need not fit in memory: one layer's weights at a time, once for a batch of windows whose hidden
 * states are kept. The figures are those of {@link LanguageModel#nll}.
 */
public final class LayerByLayer {

    private LayerByLayer() {}

    /**
     * @param windows of at least 2 tokens each; their hidden states take {@code 4 * tokens * hidden} bytes
     * @return for each window, the loss in nats of every token but the first
     */
    public static List<double[]> nll(ModelSource source, LinearWeights weights, Backend backend, List<int[]> windows) {
        Loader loader = new Loader(source, backend);
        List<Integer> scored = windows.stream().map(window -> window.length - 1).toList();
        try (Loader.Ends ends = loader.ends();
                LayerPass pass = new LayerPass(backend, source.architecture(), ends, windows, scored)) {
            for (Layer layer : source.architecture().layers())
                try (LoadedLayer loaded = loader.layer(layer, weights)) {
                    pass.forward(loaded, InputObserver.NONE);
                }
            List<double[]> losses = new ArrayList<>();
            for (int i = 0; i < windows.size(); i++) losses.add(pass.losses(i, windows.get(i)));
            return losses;
        }
    }
}
