package dev.sinq4j.engine;

import dev.sinq4j.kernel.LinearWeight;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Rope;

/** Neighbouring tokens of one sequence on their way through the layers: hidden state and rotary tables. Reusable. */
final class Block implements AutoCloseable {

    /** Tokens that go through a layer together: enough for a matrix product to run at full speed. */
    static final int MOST_TOKENS = 512;

    private final Backend backend;
    private final Rope rope;
    private final int capacity;
    private final Activations hidden; // (capacity, hidden)
    private final Activations cos; // (capacity, rotated dim / 2)
    private final Activations sin; // (capacity, rotated dim / 2)
    private int start;
    private int tokens;

    Block(Backend backend, Architecture architecture, int capacity) {
        this.backend = backend;
        this.rope = architecture.rope();
        this.capacity = capacity;
        hidden = backend.allocate(Math.multiplyExact(capacity, architecture.hidden()));
        cos = backend.allocate(capacity * (rope.dim() / 2));
        sin = backend.allocate(capacity * (rope.dim() / 2));
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
        rotary(rope.frequencies(length));
    }

    /** Angle, cosine and sine are rounded to fp32 each, as transformers does. */
    private void rotary(float[] frequencies) {
        int half = frequencies.length;
        float[] cosines = new float[tokens * half];
        float[] sines = new float[tokens * half];
        float amplitude = rope.amplitude();
        for (int t = 0; t < tokens; t++)
            for (int i = 0; i < half; i++) {
                float angle = (start + t) * frequencies[i];
                cosines[t * half + i] = (float) Math.cos(angle) * amplitude;
                sines[t * half + i] = (float) Math.sin(angle) * amplitude;
            }
        backend.write(cosines, cosines.length, cos);
        backend.write(sines, sines.length, sin);
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

    Activations cos() {
        return cos;
    }

    Activations sin() {
        return sin;
    }

    @Override
    public void close() {
        hidden.close();
        cos.close();
        sin.close();
    }
}
