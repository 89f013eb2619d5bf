package dev.sinq4j.engine;

import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Layer;
import dev.sinq4j.model.architecture.Rope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Evaluates a model that need not fit in memory: one layer's weights at a time, once for a batch of windows whose hidden
 * states are kept. The figures are those of {@link LanguageModel}.
 */
public final class LayerByLayer {

    private final ModelSource source;
    private final LinearWeights weights;
    private final Optional<HeadWeight> head;
    private final Backend backend;
    private final Runnable layerDone;
    private ModelBytes bytes = ModelBytes.NONE;

    /**
     * @param source    of the numbers; must outlive this
     * @param weights   the form of each quantizable matrix
     * @param head      the form of the head, unless it stays as it is stored
     * @param layerDone called when a batch is through a layer
     */
    public LayerByLayer(
            ModelSource source, LinearWeights weights, Optional<HeadWeight> head, Backend backend, Runnable layerDone) {
        this.source = source;
        this.weights = weights;
        this.head = head;
        this.backend = backend;
        this.layerDone = layerDone;
    }

    /** What is kept of a batch while it goes through the layers, in bytes a token. */
    public static long bytesPerToken(Architecture architecture) {
        int angles = architecture.rope().dim()
                + architecture.localRope().map(Rope::dim).orElse(0);
        return (long) Float.BYTES * (architecture.hidden() + angles);
    }

    public Architecture architecture() {
        return source.architecture();
    }

    /** What the weights take that went by in the last pass, in files and in memory. */
    public ModelBytes bytes() {
        return bytes;
    }

    /**
     * Losses of a batch.
     *
     * @param windows of at least 2 tokens each
     * @return for each window, the loss in nats of every token but the first
     */
    public List<double[]> nll(List<int[]> windows) {
        return through(windows, 1, (pass, i) -> pass.losses(i, windows.get(i)));
    }

    /**
     * Hidden states after the last norm of the positions from {@code from} on, see {@link LanguageModel#finalHidden}.
     *
     * @return for each window, (length - from, hidden)
     */
    public List<float[]> finalHidden(List<int[]> windows, int from) {
        return through(windows, 0, (pass, i) -> pass.finalHidden(i, from));
    }

    /**
     * Hands out logits of every text's positions but the last.
     *
     * @param from      for each text, the first position whose logits are wanted
     * @param consumers for each text, what takes them
     */
    public void logits(List<int[]> texts, List<Integer> from, List<LogitsConsumer> consumers) {
        through(texts, 1, (pass, i) -> {
            pass.logits(i, from.get(i), consumers.get(i));
            return i;
        });
    }

    /** What is wanted of a window once it is through all layers. */
    private interface Reading<T> {
        T read(LayerPass pass, int window);
    }

    /** @param unscored tokens at the end of each window that need not be computed */
    private <T> List<T> through(List<int[]> windows, int unscored, Reading<T> reading) {
        Loader loader = new Loader(source, backend);
        List<Integer> counts =
                windows.stream().map(window -> window.length - unscored).toList();
        try (Loader.Ends ends = loader.ends(head);
                LayerPass pass = new LayerPass(backend, source.architecture(), ends, windows, counts)) {
            bytes = ends.memory().bytes();
            for (Layer layer : source.architecture().layers()) forward(loader, layer, pass);
            List<T> results = new ArrayList<>();
            for (int i = 0; i < windows.size(); i++) results.add(reading.read(pass, i));
            return results;
        }
    }

    private void forward(Loader loader, Layer layer, LayerPass pass) {
        try (LoadedLayer loaded = loader.layer(layer, weights)) {
            pass.forward(loaded, InputObserver.NONE);
            bytes = bytes.plus(loaded.memory().bytes());
        }
        layerDone.run();
    }
}
