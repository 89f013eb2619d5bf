package dev.sinq4j.engine;

import java.util.ArrayList;
import java.util.List;

/** One text that grows, or several side by side, with keys and values of all positions so far. Not thread-safe. */
final class GrowingTexts implements AutoCloseable {

    private final LanguageModel model;
    private final int capacity;
    private final Sequence sequence;
    private final List<LayerCache> caches = new ArrayList<>();
    private final RepeatedStep step;
    private int length;

    /**
     * @param texts    that grow together
     * @param capacity tokens each can grow to
     */
    GrowingTexts(LanguageModel model, int texts, int capacity) {
        this.model = model;
        this.capacity = capacity;
        sequence = new Sequence(model.backend(), model.architecture(), texts);
        try {
            for (LoadedLayer layer : model.layers())
                caches.add(LayerCache.allocate(model.backend(), layer.layer().attention(), texts, capacity));
        } catch (RuntimeException | Error e) {
            caches.forEach(LayerCache::close);
            throw e;
        }
        boolean repeatable = model.layers().stream().allMatch(layer -> Decoder.isRepeatable(layer.layer()));
        step = repeatable ? model.backend().repeatedStep() : RepeatedStep.ANEW;
    }

    /** Tokens of each text so far. */
    int length() {
        return length;
    }

    int capacity() {
        return capacity;
    }

    /** The newest positions, after the last layer. */
    Sequence newest() {
        return sequence;
    }

    /**
     * Takes new tokens through all layers.
     *
     * @param ids (count, texts)
     */
    void append(int[] ids, int count) {
        if (count == 0) throw new IllegalArgumentException("no tokens to append");
        load(ids, count);
        throughLayers();
        length += count;
    }

    private void load(int[] ids, int count) {
        if (count > capacity - length)
            throw new IllegalArgumentException(
                    "a session of " + capacity + " tokens holds " + length + " and has no room for " + count + " more");
        sequence.load(model.ends(), ids, count, length);
    }

    private void throughLayers() {
        for (int i = 0; i < caches.size(); i++)
            for (Block block : sequence.blocks())
                model.decoder().forward(model.layers().get(i), block, caches.get(i), InputObserver.NONE);
    }

    /** (texts, vocabulary): the logits of what comes next. */
    float[] nextLogits() {
        return onHost(computeLogits());
    }

    /**
     * Takes one new token of each text through all layers, as {@link #append} does, by a step that the backend may have recorded.
     *
     * @param ids (texts)
     * @return (texts, vocabulary), the logits of what comes next
     */
    float[] next(int[] ids) {
        load(ids, 1);
        Activations logits = step.run(sequence.blocks().getLast().place(), () -> {
            throughLayers();
            return computeLogits();
        });
        length++;
        return onHost(logits);
    }

    private Activations computeLogits() {
        Block last = sequence.blocks().getLast();
        return model.decoder().logits(model.ends(), last, last.tokens() - last.texts(), last.texts());
    }

    private float[] onHost(Activations logits) {
        float[] copy = new float
                [sequence.blocks().getLast().texts() * model.architecture().vocabulary()];
        model.backend().read(logits, 0, copy.length, copy);
        return copy;
    }

    /** Forgets all positions from {@code length} on. */
    void rewind(int length) {
        if (length < 0 || length > this.length)
            throw new IllegalArgumentException("cannot go back to " + length + " tokens from " + this.length);
        this.length = length;
    }

    @Override
    public void close() {
        step.close();
        sequence.close();
        caches.forEach(LayerCache::close);
    }
}
