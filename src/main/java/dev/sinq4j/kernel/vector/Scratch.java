package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.L;
import static dev.sinq4j.kernel.vector.Lanes.PANEL;

/** Working memory of one thread, grown on first need and reused. */
final class Scratch implements AutoCloseable {

    /** Columns of a panel that are multiplied at a time, so that a panel stays in the second-level cache. */
    static final int BLOCK = 256;

    /** Tokens whose products with a panel are collected at a time. */
    static final int TOKENS = 504;

    /** A granule may be written past the end of a block. */
    private static final int SLACK = 32;

    private final AlignedNumbers numbers = new AlignedNumbers();
    final long panel; // address of (columns, PANEL)
    final float[] rows = new float[PANEL * BLOCK]; // (PANEL, columns)
    final float[] tile = new float[TOKENS * PANEL]; // (tokens, PANEL)
    final float[] aux = new float[2 * PANEL]; // a group's scales, then its zeros negated
    final int[] block = new int[L * L]; // words being transposed
    float[] x = new float[0];
    float[] sums = new float[0];

    Scratch() {
        numbers.reserve((long) (BLOCK + SLACK) * PANEL);
        panel = numbers.address();
    }

    /** Makes room for a weight's inputs, which 2D tiling needs. */
    void reserve(VectorWeight weight) {
        if (x.length < weight.inputLength()) x = new float[weight.inputLength()];
        if (sums.length < weight.sumsLength()) sums = new float[weight.sumsLength()];
    }

    @Override
    public void close() {
        numbers.close();
    }
}
