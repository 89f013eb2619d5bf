package dev.sinq4j.engine;

import dev.sinq4j.model.architecture.Architecture;
import java.util.ArrayList;
import java.util.List;

/**
 * Many texts on their way through a model together, a layer at a time: only their hidden states are kept, so a layer's weights
 * can be given up as soon as all texts are through.
 */
final class LayerPass implements AutoCloseable {

    private final Backend backend;
    private final Architecture architecture;
    private final Loader.Ends ends;
    private final Decoder decoder;
    private final List<Sequence> texts = new ArrayList<>();
    private final int longest;

    /**
     * @param counts tokens of each text that are computed, from its start; the rest is ignored
     */
    LayerPass(Backend backend, Architecture architecture, Loader.Ends ends, List<int[]> ids, List<Integer> counts) {
        this.backend = backend;
        this.architecture = architecture;
        this.ends = ends;
        this.decoder = new Decoder(backend, architecture);
        this.longest = counts.stream().mapToInt(Integer::intValue).max().orElse(0);
        for (int i = 0; i < ids.size(); i++) {
            Sequence text = new Sequence(backend, architecture);
            texts.add(text);
            text.load(ends, ids.get(i), counts.get(i), 0);
        }
    }

    /** Takes every text through the next layer. */
    void forward(LoadedLayer layer, InputObserver observer) {
        try (LayerCache cache = LayerCache.allocate(backend, layer.layer().attention(), longest)) {
            for (Sequence text : texts)
                for (Block block : text.blocks()) decoder.forward(layer, block, cache, observer);
        }
    }

    /** Shows what goes on in the next layer and leaves every text before it. */
    void rehearse(LoadedLayer layer, InputObserver observer) {
        try (LayerCache cache = LayerCache.allocate(backend, layer.layer().attention(), longest)) {
            for (Sequence text : texts)
                for (Block block : text.blocks()) {
                    float[] before = new float[block.tokens() * architecture.hidden()];
                    backend.read(block.hidden(), 0, before.length, before);
                    decoder.forward(layer, block, cache, observer);
                    backend.write(before, before.length, block.hidden());
                }
        }
    }

    /** After the last layer: the losses of a text's tokens but the first. */
    double[] losses(int text, int[] window) {
        double[] nll = new double[window.length - 1];
        for (Block block : texts.get(text).blocks()) decoder.losses(ends, block, window, nll);
        return nll;
    }

    /** After the last layer: hands out the logits of a text's positions from {@code from} on. */
    void logits(int text, int from, LogitsConsumer consumer) {
        decoder.logits(ends, texts.get(text), from, consumer);
    }

    /** After the last layer: hidden states after the last norm of a text's positions from {@code from} on. */
    float[] finalHidden(int text, int from) {
        return decoder.finalHidden(ends, texts.get(text), from);
    }

    @Override
    public void close() {
        texts.forEach(Sequence::close);
        decoder.close();
    }
}
