package dev.sinq4j.engine;

import dev.sinq4j.kernel.LinearWeight;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Attention.RopeKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Neighbouring positions of one text, or of several texts of the same length, on their way through the layers: hidden state and
 * rotary tables. The texts' tokens of one position lie side by side, so that to attention the texts are only more heads. Reusable.
 */
final class Block implements AutoCloseable {

    /** Tokens that go through a layer together: enough for a matrix product to run at full speed. */
    static final int MOST_TOKENS = 512;

    private final Backend backend;
    private final Map<RopeKind, Rotation> rotations = new EnumMap<>(RopeKind.class);
    private final float embeddingFactor;
    private final int texts;
    private final int capacity;
    private final Activations hidden; // (capacity, texts, hidden)
    private final int width;
    private final Place place;
    private int positions;

    /**
     * @param texts    that go side by side
     * @param capacity positions there is room for
     */
    Block(Backend backend, Architecture architecture, int texts, int capacity) {
        this.backend = backend;
        this.texts = texts;
        this.capacity = capacity;
        this.width = architecture.hidden();
        this.embeddingFactor = architecture.embeddingFactor();
        place = backend.place();
        hidden = backend.allocate(Math.multiplyExact(Math.multiplyExact(capacity, texts), architecture.hidden()));
        rotations.put(RopeKind.GLOBAL, new Rotation(backend, architecture.rope(), capacity));
        architecture
                .localRope()
                .ifPresent(rope -> rotations.put(RopeKind.LOCAL, new Rotation(backend, rope, capacity)));
    }

    /**
     * Starts anew with embeddings.
     *
     * @param ids       (any, texts)
     * @param from      first row of ids to use
     * @param positions how many
     * @param start     position of the first
     * @param length    of each whole text as far as it is known, for rotary scalings that depend on it
     */
    void load(LinearWeight embedding, int[] ids, int from, int positions, int start, int length) {
        if (positions > capacity)
            throw new IllegalArgumentException(positions + " positions in a block of " + capacity);
        place.moveTo(start);
        this.positions = positions;
        backend.embed(embedding, ids, from * texts, tokens(), hidden);
        if (embeddingFactor != 1) backend.scale(hidden, tokens() * width, embeddingFactor);
        rotations.values().forEach(rotation -> rotation.load(start, positions, length));
    }

    /** The first position. */
    int start() {
        return place.position();
    }

    /** Of the first position. */
    Place place() {
        return place;
    }

    /** Positions of each text. */
    int positions() {
        return positions;
    }

    int texts() {
        return texts;
    }

    /** Tokens of all texts. */
    int tokens() {
        return positions * texts;
    }

    int capacity() {
        return capacity;
    }

    /** (positions, texts, hidden). */
    Activations hidden() {
        return hidden;
    }

    Rotation rotation(RopeKind kind) {
        return Objects.requireNonNull(rotations.get(kind), () -> "the model has no " + kind + " rotary embedding");
    }

    @Override
    public void close() {
        place.close();
        hidden.close();
        rotations.values().forEach(Rotation::close);
    }
}
