package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.L;

import java.util.Arrays;

/**
 * Masks in memory, a vector each, for kernels that work on a pair of vectors of rows with sixteen registers. Half of them hold sums
 * and two hold codes, so the other masks are read where they are used. C2 would undo that, and spill sums, wherever it may
 * move a load: such a kernel therefore
 *
 * <ul>
 *   <li>reads masks from an array, since constant vectors would all be kept in registers;
 *   <li>has a {@link java.lang.invoke.VarHandle#loadLoadFence} before each column, which no load is moved across. On x86 it is
 *       no instruction;
 *   <li>reads the codes once more before it shifts them, lest they be shifted early.
 * </ul>
 */
final class MaskTable {

    private MaskTable() {}

    /** (masks, L), row-major. */
    static int[] of(int... masks) {
        int[] table = new int[masks.length * L];
        for (int i = 0; i < masks.length; i++) Arrays.fill(table, i * L, (i + 1) * L, masks[i]);
        return table;
    }
}
