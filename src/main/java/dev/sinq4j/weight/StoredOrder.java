package dev.sinq4j.weight;

/**
 * Where the reference stores the scale of (row, group). With 1D tiling scales lie row by row; with 2D tiling tile by tile,
 * tiles row-major, and inside a tile row by row. The last band of tiles may be shorter.
 *
 * @param rows     output rows
 * @param groups   groups of a row
 * @param rowBlock rows of a tile for 2D tiling, 1 for 1D tiling
 */
public record StoredOrder(int rows, int groups, int rowBlock) {

    public StoredOrder {
        if (rowBlock < 1) throw new IllegalArgumentException("a tile has at least 1 row, not " + rowBlock);
    }

    /** Index among the stored scales. */
    public int position(int row, int group) {
        if (rowBlock == 1) return row * groups + group;
        int first = row - row % rowBlock;
        int height = Math.min(rowBlock, rows - first);
        return first * groups + group * height + (row - first);
    }
}
