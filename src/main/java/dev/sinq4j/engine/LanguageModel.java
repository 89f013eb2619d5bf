package dev.sinq4j.engine;

import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A model laid out in a backend's memory, ready to compute. fp32 arithmetic on weights as they are stored.
 *
 * <p>Must be closed before its source and its backend. Not thread-safe; sessions share its buffers, so one call at a time.
 */
public final class LanguageModel implements AutoCloseable {

    private final Backend backend;
    private final Architecture architecture;
    private final Loader.Ends ends;
    private final List<LoadedLayer> layers;
    private final Decoder decoder;
    private final Sequence sequence;

    LanguageModel(Backend backend, Architecture architecture, Loader.Ends ends, List<LoadedLayer> layers) {
        this.backend = backend;
        this.architecture = architecture;
        this.ends = ends;
        this.layers = List.copyOf(layers);
        this.decoder = new Decoder(backend, architecture);
        this.sequence = new Sequence(backend, architecture);
    }

    /**
     * Lays every matrix out, layer by layer.
     *
     * @param source  of the numbers; must outlive the model
     * @param weights the form of each quantizable matrix, {@link LinearWeights#STORED} for the model as it is
     * @param backend must outlive the model
     */
    public static LanguageModel load(ModelSource source, LinearWeights weights, Backend backend) {
        return load(source, weights, Optional.empty(), backend);
    }

    /**
     * As {@link #load(ModelSource, LinearWeights, Backend)}, with a head in a form of its own.
     *
     * @param head the form of the head, unless it stays as it is stored
     */
    public static LanguageModel load(
            ModelSource source, LinearWeights weights, Optional<HeadWeight> head, Backend backend) {
        Loader loader = new Loader(source, backend);
        List<LoadedLayer> layers = new ArrayList<>();
        try {
            for (Layer layer : source.architecture().layers()) layers.add(loader.layer(layer, weights));
            return new LanguageModel(backend, source.architecture(), loader.ends(head), layers);
        } catch (RuntimeException | Error e) {
            layers.forEach(LoadedLayer::close);
            throw e;
        }
    }

    public Architecture architecture() {
        return architecture;
    }

    public Backend backend() {
        return backend;
    }

    /** What the weights take, in files and in memory. */
    public ModelBytes bytes() {
        return layers.stream()
                .map(layer -> layer.memory().bytes())
                .reduce(ends.memory().bytes(), ModelBytes::plus);
    }

    /** Bytes of weights that decoding one token reads, experts aside: all but an embedding table that is no head. */
    public long bytesReadPerToken() {
        return bytes().laidOut() - ends.unread();
    }

    /** Bytes of the buffers that computing has taken so far; caches are counted by {@link #cacheBytes}. */
    public long workspaceBytes() {
        return decoder.workspaceBytes();
    }

    /** Bytes of a session's key and value cache. */
    public static long cacheBytes(Architecture architecture, int capacity) {
        return Float.BYTES * architecture.cachedNumbersPerPosition() * capacity;
    }

    /**
     * The loss, in nats, of every token of a window but the first, given those before it.
     *
     * @return (window.length - 1)
     */
    public double[] nll(int[] window) {
        if (window.length < 2) throw new IllegalArgumentException("a window has at least 2 tokens");
        int scored = window.length - 1;
        sequence.load(ends, window, scored, 0);
        throughLayers();
        double[] nll = new double[scored];
        for (Block block : sequence.blocks()) decoder.losses(ends, block, window, nll);
        return nll;
    }

    /**
     * Logits for the token after each position from {@code from} on, a few positions at a time.
     *
     * @param ids the whole text
     */
    public void logits(int[] ids, int from, LogitsConsumer consumer) {
        sequence.load(ends, ids, ids.length, 0);
        throughLayers();
        decoder.logits(ends, sequence, from, consumer);
    }

    /**
     * Hidden states after the last norm, of the positions from {@code from} on: what the head turns into logits. They take
     * far less room than logits, from which {@link #headLogits} makes them again.
     *
     * @param ids the whole text
     * @return (ids.length - from, hidden)
     */
    public float[] finalHidden(int[] ids, int from) {
        sequence.load(ends, ids, ids.length, 0);
        throughLayers();
        return decoder.finalHidden(ends, sequence, from);
    }

    /**
     * Logits that the head as it is stored makes of final hidden states, this model's or another's with the same head. May be
     * called while logits are handed out.
     *
     * @param hidden (any, hidden), see {@link #finalHidden}
     * @param first  the first row to use
     * @param count  how many rows
     * @param logits (count, vocabulary), overwritten; may be longer
     */
    public void headLogits(float[] hidden, int first, int count, float[] logits) {
        decoder.headLogits(ends, hidden, first, count, logits);
    }

    /** Hidden states of a text after every stage. */
    public void hidden(int[] ids, HiddenConsumer consumer) {
        sequence.load(ends, ids, ids.length, 0);
        showHidden(0, consumer);
        int capacity = ids.length;
        for (LoadedLayer layer : layers) {
            try (LayerCache cache = LayerCache.allocate(backend, layer.layer().attention(), capacity)) {
                for (Block block : sequence.blocks()) decoder.forward(layer, block, cache, InputObserver.NONE);
            }
            showHidden(layer.layer().index() + 1, consumer);
        }
        for (Block block : sequence.blocks())
            show(layers.size() + 1, block, decoder.finalNorm(ends, block, 0, block.tokens()), consumer);
    }

    private void showHidden(int stage, HiddenConsumer consumer) {
        for (Block block : sequence.blocks()) show(stage, block, block.hidden(), consumer);
    }

    private void show(int stage, Block block, Activations values, HiddenConsumer consumer) {
        float[] hidden = new float[block.tokens() * architecture.hidden()];
        backend.read(values, 0, hidden.length, hidden);
        consumer.accept(stage, block.start(), block.tokens(), hidden);
    }

    /** All blocks through all layers; only one layer's keys and values are kept at a time. */
    private void throughLayers() {
        int positions = sequence.blocks().stream().mapToInt(Block::tokens).sum();
        for (LoadedLayer layer : layers) {
            try (LayerCache cache = LayerCache.allocate(backend, layer.layer().attention(), positions)) {
                for (Block block : sequence.blocks()) decoder.forward(layer, block, cache, InputObserver.NONE);
            }
        }
    }

    /**
     * A text that grows token by token.
     *
     * @param capacity tokens it can grow to; its cache takes {@link #cacheBytes} from now on
     */
    public Session session(int capacity) {
        return new Session(this, capacity);
    }

    /**
     * Texts that grow together.
     *
     * @param batch    how many; each text's cache takes {@link #cacheBytes} from now on
     * @param capacity tokens each can grow to
     */
    public BatchSession batch(int batch, int capacity) {
        return new BatchSession(this, batch, capacity);
    }

    List<LoadedLayer> layers() {
        return layers;
    }

    Decoder decoder() {
        return decoder;
    }

    Loader.Ends ends() {
        return ends;
    }

    @Override
    public void close() {
        sequence.close();
        decoder.close();
        layers.forEach(LoadedLayer::close);
        ends.close();
    }
}
