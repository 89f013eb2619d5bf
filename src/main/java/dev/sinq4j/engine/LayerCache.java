package dev.sinq4j.engine;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.model.architecture.Attention;

/**
 * Keys and values of one layer, of one text or of several that grow together, each text with heads of its own.
 *
 * @param keys     (texts, kvHeads, capacity, keyDim), rotated
 * @param values   (texts, kvHeads, capacity, valueDim)
 * @param capacity positions of each text there is room for
 */
record LayerCache(Activations keys, Activations values, int capacity) implements AutoCloseable {

    /** Of one text. */
    static LayerCache allocate(Backend backend, Attention attention, int capacity) {
        return allocate(backend, attention, 1, capacity);
    }

    static LayerCache allocate(Backend backend, Attention attention, int texts, int capacity) {
        return new LayerCache(
                backend.allocateCache(numbers(attention, attention.keyDim(), texts, capacity)),
                backend.allocateCache(numbers(attention, attention.valueDim(), texts, capacity)),
                capacity);
    }

    private static int numbers(Attention attention, int dim, int texts, int capacity) {
        long numbers = (long) texts * attention.kvHeads() * capacity * dim;
        if (numbers > Integer.MAX_VALUE - 8)
            throw new UnavailableFailure("a key and value cache of " + texts + " x " + capacity + " positions is too"
                    + " large for one buffer: a layer needs " + numbers + " numbers; ask for fewer positions");
        return (int) numbers;
    }

    @Override
    public void close() {
        keys.close();
        values.close();
    }
}
