package dev.sinq4j.kernel.vector;

import dev.sinq4j.kernel.LinearWeight;
import dev.sinq4j.weight.InputTransform;

/**
 * A weight as the vector kernels multiply by it: panels of at most {@link Lanes#PANEL} output rows, each one unit of work.
 */
sealed interface VectorWeight extends LinearWeight permits DenseMatrix, PackedMatrix {

    /** Panels the rows are cut into. */
    int panels();

    /** First output row of a panel. */
    int firstRow(int panel);

    /** Output rows of a panel, 1 to PANEL. */
    int rowsOf(int panel);

    /** What happens to the input first. */
    InputTransform inputTransform();

    /** Numbers one token's prepared input takes in {@link DecodeInput#x}. */
    int inputLength();

    /** Numbers one token's prepared input takes in {@link DecodeInput#sums}. */
    int sumsLength();

    /**
     * Up to so many tokens {@link #decode} is faster than expanding panels; 0 for a codebook, which only has {@link #fill}.
     */
    int decodeTokens();

    /**
     * Prepares one token for {@link #decode}.
     *
     * @param x transformed input, {@code columns} numbers from {@code at} on
     */
    void prepareInput(float[] x, int at, DecodeInput input, int token);

    /**
     * {@code y(t, row)} for the rows of a panel and every token, one at a time: made for reading the weight once.
     *
     * @param y (tokens, rows)
     */
    void decode(int panel, DecodeInput input, int tokens, Scratch scratch, float[] y);

    /** Where a block of columns that begins at {@code from} ends. */
    int blockEnd(int from);

    /**
     * Columns {@code from .. to - 1} of a panel as fp32 into {@link Scratch#panel}, (to - from, PANEL); rows past
     * {@link #rowsOf} are zero.
     */
    void fill(int panel, int from, int to, Scratch scratch);
}
