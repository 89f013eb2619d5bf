package dev.sinq4j.weight;

/** What a code stands for, before zero and scales. */
public sealed interface Grid {

    /** Bits of a code, 1 to 8. */
    int bits();

    /** The code itself is the level. */
    record Uniform(int bits) implements Grid {
        public Uniform {
            if (bits < 1 || bits > 8) throw new IllegalArgumentException("bits must be 1 to 8, was " + bits);
        }
    }

    /**
     * A table of levels.
     *
     * @param bits   bits of a code
     * @param levels 2^bits values, ascending or not
     */
    record Codebook(int bits, float[] levels) implements Grid {
        public Codebook {
            if (levels.length != 1 << bits)
                throw new IllegalArgumentException(
                        "a codebook of " + bits + " bits has " + (1 << bits) + " levels, not " + levels.length);
        }
    }
}
