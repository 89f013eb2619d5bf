package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.L;

import dev.sinq4j.weight.Grid;

/**
 * The levels of a codebook as one vector, out of which a lane's low four bits select: the bits above them need no mask.
 * Narrower vectors do not hold it.
 */
final class LevelTable {

    /** Entries, one a lane. */
    private static final int SIZE = 16;

    private LevelTable() {}

    static boolean fits(Grid.Codebook codebook) {
        return L == SIZE && codebook.levels().length <= SIZE;
    }

    /** fp32 bits; padded with zeros. */
    static int[] of(Grid.Codebook codebook) {
        int[] table = new int[SIZE];
        for (int i = 0; i < codebook.levels().length; i++) table[i] = Float.floatToRawIntBits(codebook.levels()[i]);
        return table;
    }
}
