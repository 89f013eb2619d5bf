package dev.sinq4j.engine;

import java.util.ArrayList;
import java.util.List;

/** A text that grows: its keys and values are kept, so that only new tokens are computed. Not thread-safe. */
public final class Session implements AutoCloseable {

    private final LanguageModel model;
    private final Sequence sequence;
    private final List<LayerCache> caches = new ArrayList<>();
    private final int capacity;
    private int length;

    Session(LanguageModel model, int capacity) {
        if (capacity < 1) throw new IllegalArgumentException("a session has room for at least one token");
        this.model = model;
        this.capacity = capacity;
        sequence = new Sequence(model.backend(), model.architecture());
        try {
            for (LoadedLayer layer : model.layers())
                caches.add(LayerCache.allocate(model.backend(), layer.layer().attention(), capacity));
        } catch (RuntimeException | Error e) {
            caches.forEach(LayerCache::close);
            throw e;
        }
    }

    /** Tokens of the text so far. */
    public int length() {
        return length;
    }

    /** Tokens the text can grow to. */
    public int capacity() {
        return capacity;
    }

    /**
     * Appends tokens.
     *
     * @return (vocabulary), the logits of what comes next
     */
    public float[] prefill(int[] ids) {
        append(ids);
        Block last = sequence.blocks().getLast();
        float[] logits = new float[model.architecture().vocabulary()];
        Activations computed = model.decoder().logits(model.ends(), last, last.tokens() - 1, 1);
        model.backend().read(computed, 0, logits.length, logits);
        return logits;
    }

    /** As {@link #prefill}, with the logits after every new token. */
    public void prefill(int[] ids, LogitsConsumer consumer) {
        prefill(ids, length, consumer);
    }

    /** As {@link #prefill}, with the logits after every new token at position {@code from} and later. */
    public void prefill(int[] ids, int from, LogitsConsumer consumer) {
        append(ids);
        model.decoder().logits(model.ends(), sequence, from, consumer);
    }

    /** Appends one token, see {@link #prefill}. */
    public float[] next(int id) {
        return prefill(new int[] {id});
    }

    /** Forgets all tokens from {@code length} on, so that another continuation can be tried. */
    public void rewind(int length) {
        if (length < 0 || length > this.length)
            throw new IllegalArgumentException("cannot go back to " + length + " tokens from " + this.length);
        this.length = length;
    }

    private void append(int[] ids) {
        if (ids.length == 0) throw new IllegalArgumentException("no tokens to append");
        if (ids.length > capacity - length)
            throw new IllegalArgumentException("a session of " + capacity + " tokens holds " + length
                    + " and has no room for " + ids.length + " more");
        sequence.load(model.ends(), ids, ids.length, length);
        for (int i = 0; i < caches.size(); i++)
            for (Block block : sequence.blocks())
                model.decoder().forward(model.layers().get(i), block, caches.get(i), InputObserver.NONE);
        length += ids.length;
    }

    @Override
    public void close() {
        sequence.close();
        caches.forEach(LayerCache::close);
    }
}
