package dev.sinq4j.weight;

/** SINQ's second scale, one number an input channel (and row block, for 2D tiling). */
public sealed interface ColumnScale {

    /** Bytes in a file. */
    long storedBytes();

    /** All ones, not stored. */
    record None() implements ColumnScale {
        @Override
        public long storedBytes() {
            return 0;
        }
    }

    /**
     * Half precision.
     *
     * @param bits     (ceil(rows / rowBlock), columns), row-major, fp16
     * @param rowBlock output rows that share one row of scales: all of them for 1D tiling, the group for 2D
     */
    record Half(short[] bits, int rowBlock) implements ColumnScale {
        @Override
        public long storedBytes() {
            return 2L * bits.length;
        }
    }
}
