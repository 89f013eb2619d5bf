package dev.sinq4j.engine;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.model.architecture.Attention;

/**
 * Keys and values of one layer.
 *
 * @param keys     (kvHeads, capacity, keyDim), rotated
 * @param values   (kvHeads, capacity, valueDim)
 * @param capacity positions there is room for
 */
record LayerCache(Activations keys, Activations values, int capacity) implements AutoCloseable {

    static LayerCache allocate(Backend backend, Attention attention, int capacity) {
        return new LayerCache(
                backend.allocate(numbers(attention, attention.keyDim(), capacity)),
                backend.allocate(numbers(attention, attention.valueDim(), capacity)),
                capacity);
    }

    private static int numbers(Attention attention, int dim, int capacity) {
        long numbers = (long) attention.kvHeads() * capacity * dim;
        if (numbers > Integer.MAX_VALUE - 8)
            throw new UnavailableFailure("a key and value cache of " + capacity + " positions is too large for one"
                    + " buffer: a layer needs " + numbers + " numbers; ask for fewer positions");
        return (int) numbers;
    }

    @Override
    public void close() {
        keys.close();
        values.close();
    }
}
