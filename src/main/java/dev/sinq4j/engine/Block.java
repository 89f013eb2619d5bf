package dev.sinq4j.engine;

import dev.sinq4j.kernel.LinearWeight;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Attention.RopeKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Neighbouring tokens of one sequence on their way through the layers: hidden state and rotary tables. Reusable. */
final class Block implements AutoCloseable {

    /** Tokens that go through a layer together: enough for a matrix product to run at full speed. */
    static final int MOST_TOKENS = 512;

    private final Backend backend;
    private final Map<RopeKind, Rotation> rotations = new EnumMap<>(RopeKind.class);
    private final float embeddingFactor;
    private final int capacity;
    private final Activations hidden; // (capacity, hidden)
    private final int width;
    private int start;
    private int tokens;

    Block(Backend backend, Architecture architecture, int capacity) {
        this.backend = backend;
        this.capacity = capacity;
        this.width = architecture.hidden();
        this.embeddingFactor = architecture.embeddingFactor();
        hidden = backend.allocate(Math.multiplyExact(capacity, architecture.hidden()));
        rotations.put(RopeKind.GLOBAL, new Rotation(backend, architecture.rope(), capacity));
        architecture
                .localRope()
                .ifPresent(rope -> rotations.put(RopeKind.LOCAL, new Rotation(backend, rope, capacity)));
    }

    /**
     * Starts anew with the embeddings of {@code tokens} ids from {@code from} on.
     *
     * @param start  position of the first
     * @param length of the whole sequence as far as it is known, for rotary scalings that depend on it
     */
    void load(LinearWeight embedding, int[] ids, int from, int tokens, int start, int length) {
        if (tokens > capacity) throw new IllegalArgumentException(tokens + " tokens in a block of " + capacity);
        this.start = start;
        this.tokens = tokens;
        backend.embed(embedding, ids, from, tokens, hidden);
        if (embeddingFactor != 1) backend.scale(hidden, tokens * width, embeddingFactor);
        rotations.values().forEach(rotation -> rotation.load(start, tokens, length));
    }

    /** Position of the first token. */
    int start() {
        return start;
    }

    int tokens() {
        return tokens;
    }

    int capacity() {
        return capacity;
    }

    /** (tokens, hidden). */
    Activations hidden() {
        return hidden;
    }

    Rotation rotation(RopeKind kind) {
        return Objects.requireNonNull(rotations.get(kind), () -> "the model has no " + kind + " rotary embedding");
    }

    @Override
    public void close() {
        hidden.close();
        rotations.values().forEach(Rotation::close);
    }
}
