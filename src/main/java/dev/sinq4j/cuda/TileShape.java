package dev.sinq4j.cuda;

import dev.sinq4j.quant.SearchTask;
import dev.sinq4j.quant.TileTask;

/**
 * How a matrix is cut into tiles, see {@code tiles.cuh}.
 *
 * @param rows     of the matrix
 * @param columns  of the matrix
 * @param rowBlock rows of a tile
 * @param group    columns of a tile
 */
record TileShape(int rows, int columns, int rowBlock, int group) {

    static final int WARP = 32;

    /** Columns of a row that one lane works on. */
    static final int LANE_COLUMNS = 8;

    private static final int THREADS = 256;

    static TileShape of(TileTask task) {
        return new TileShape(task.rows(), task.columns(), task.rowBlock(), task.group());
    }

    static TileShape of(SearchTask task) {
        return new TileShape(task.rows(), task.columns(), task.rows(), task.group());
    }

    /** Whether the lanes of a warp can share a row of a tile. */
    static boolean fits(int group) {
        return group % LANE_COLUMNS == 0 && group <= WARP * LANE_COLUMNS;
    }

    int across() {
        return Math.ceilDiv(columns, group);
    }

    int bands() {
        return Math.ceilDiv(rows, rowBlock);
    }

    int tiles() {
        return across() * bands();
    }

    /** Rows of all tiles, those behind the matrix included. */
    long paddedRows() {
        return (long) tiles() * rowBlock;
    }

    /** Numbers of all tiles, those behind the matrix included. */
    long paddedNumbers() {
        return paddedRows() * group;
    }

    /** The lanes of every row of the tiles. */
    Grid lanes() {
        int lanes = Integer.highestOneBit(2 * Math.ceilDiv(group, LANE_COLUMNS) - 1);
        return Grid.covering(paddedRows() * lanes, THREADS);
    }
}
