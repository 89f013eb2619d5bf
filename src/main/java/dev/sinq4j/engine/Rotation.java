package dev.sinq4j.engine;

import dev.sinq4j.model.architecture.Rope;

/** Cosines and sines of one rotary embedding at a block's positions. */
final class Rotation implements AutoCloseable {

    private final Backend backend;
    private final Rope rope;
    private final Activations cos; // (capacity, rotated dim / 2)
    private final Activations sin; // (capacity, rotated dim / 2)

    Rotation(Backend backend, Rope rope, int capacity) {
        this.backend = backend;
        this.rope = rope;
        cos = backend.allocate(capacity * (rope.dim() / 2));
        sin = backend.allocate(capacity * (rope.dim() / 2));
    }

    /** Angle, cosine and sine are rounded to fp32 each, as transformers does. */
    void load(int start, int tokens, int length) {
        float[] frequencies = rope.frequencies(length);
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

    /**
     * Rotates queries or keys, in place.
     *
     * @param x     (positions, heads, headDim)
     * @param heads of all texts
     */
    void apply(Activations x, int positions, int heads, int headDim) {
        backend.rope(x, positions, heads, headDim, rope.dim(), cos, sin);
    }

    @Override
    public void close() {
        cos.close();
        sin.close();
    }
}
