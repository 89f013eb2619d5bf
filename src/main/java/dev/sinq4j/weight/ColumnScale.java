package dev.sinq4j.weight;

import java.util.Arrays;

/** SINQ's second scale, one number an input channel (and row block, for 2D tiling). */
public sealed interface ColumnScale {

    /** Bytes in a file. */
    long storedBytes();

    /** The scales of one row, widened to fp32, {@code columns} of them. */
    float[] ofRow(int row, int columns);

    /** All ones, not stored. */
    record None() implements ColumnScale {
        @Override
        public long storedBytes() {
            return 0;
        }

        @Override
        public float[] ofRow(int row, int columns) {
            float[] ones = new float[columns];
            Arrays.fill(ones, 1);
            return ones;
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

        @Override
        public float[] ofRow(int row, int columns) {
            int first = row / rowBlock * columns;
            float[] values = new float[columns];
            for (int j = 0; j < columns; j++) values[j] = Float.float16ToFloat(bits[first + j]);
            return values;
        }
    }

    /**
     * Single precision, where a method works in fp32 throughout.
     *
     * @param values   (ceil(rows / rowBlock), columns), row-major
     * @param rowBlock output rows that share one row of scales
     */
    record Single(float[] values, int rowBlock) implements ColumnScale {
        @Override
        public long storedBytes() {
            return 4L * values.length;
        }

        @Override
        public float[] ofRow(int row, int columns) {
            int first = row / rowBlock * columns;
            return Arrays.copyOfRange(values, first, first + columns);
        }
    }
}
