package dev.sinq4j.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Python's {@code random.Random}, as far as drawing a sample needs it, so that examples are the harness's.
 *
 * <p>Source: Matsumoto and Nishimura's Mersenne Twister MT19937 (1998), seeded from an array; Python's documented
 * {@code random.sample}.
 */
final class PythonRandom {

    private static final int SIZE = 624;
    private static final int SHIFT = 397;

    private final int[] state = new int[SIZE];
    private int next = SIZE;

    PythonRandom(int seed) {
        state[0] = 19650218;
        for (int i = 1; i < SIZE; i++) state[i] = 1812433253 * mixed(i - 1) + i;
        int i = 1;
        for (int k = 0; k < SIZE; k++) {
            state[i] = (state[i] ^ (mixed(i - 1) * 1664525)) + seed; // an array of one word
            i = following(i);
        }
        for (int k = 0; k < SIZE - 1; k++) {
            state[i] = (state[i] ^ (mixed(i - 1) * 1566083941)) - i;
            i = following(i);
        }
        state[0] = 0x80000000;
    }

    private int mixed(int i) {
        return state[i] ^ (state[i] >>> 30);
    }

    private int following(int i) {
        if (i + 1 < SIZE) return i + 1;
        state[0] = state[SIZE - 1];
        return 1;
    }

    /**
     * Draws without replacement.
     *
     * @param size  of the population
     * @param count at most {@code size}
     * @return places, in the order drawn
     */
    List<Integer> sample(int size, int count) {
        if (count > size) throw new IllegalArgumentException("cannot draw " + count + " of " + size);
        return size <= poolSize(count) ? fromPool(size, count) : untilNew(size, count);
    }

    /** Populations up to this size are copied, larger ones are not. */
    private static int poolSize(int count) {
        int size = 21;
        if (count > 5) size += (int) Math.pow(4, Math.ceil(Math.log(3.0 * count) / Math.log(4)));
        return size;
    }

    private List<Integer> fromPool(int size, int count) {
        int[] pool = new int[size];
        Arrays.setAll(pool, i -> i);
        List<Integer> drawn = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int place = below(size - i);
            drawn.add(pool[place]);
            pool[place] = pool[size - i - 1];
        }
        return drawn;
    }

    private List<Integer> untilNew(int size, int count) {
        Set<Integer> seen = new HashSet<>();
        List<Integer> drawn = new ArrayList<>();
        while (drawn.size() < count) {
            int place = below(size);
            if (seen.add(place)) drawn.add(place);
        }
        return drawn;
    }

    private int below(int bound) {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(bound);
        int value = word() >>> (Integer.SIZE - bits);
        while (value >= bound) value = word() >>> (Integer.SIZE - bits);
        return value;
    }

    private int word() {
        if (next == SIZE) refill();
        int y = state[next++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >>> 18);
    }

    private void refill() {
        for (int i = 0; i < SIZE; i++) {
            int y = (state[i] & 0x80000000) | (state[(i + 1) % SIZE] & 0x7fffffff);
            state[i] = state[(i + SHIFT) % SIZE] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
        }
        next = 0;
    }
}
