package dev.sinq4j.experiment;

import java.io.Serializable;

/** What became of a cell on a machine far away. The number is the cell's place in {@link Cells#of}. */
public sealed interface RemoteOutcome extends Serializable {

    int cell();

    /** It has a result already. */
    record Kept(int cell) implements RemoteOutcome {}

    /** It was measured, well or not: a line of {@code results.jsonl}. */
    record Computed(int cell, String line) implements RemoteOutcome {}

    /**
     * Its model or a text could not be opened; nothing of this model can be computed there.
     *
     * @param message for the user
     */
    record Refused(int cell, String message) implements RemoteOutcome {}

    /**
     * Every attempt ended without an answer, such as a process killed for want of memory.
     *
     * @param message for the user
     */
    record Lost(int cell, String message) implements RemoteOutcome {}
}
