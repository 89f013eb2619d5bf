package dev.sinq4j.quant;

import dev.sinq4j.method.Tiling;
import dev.sinq4j.weight.StoredOrder;

/**
 * How a matrix is cut into tiles. Where rows or columns are not a multiple of the group, the last tiles are shorter; the
 * reference refuses such matrices.
 *
 * @param rows    of the matrix
 * @param columns of the matrix
 * @param group   columns of a tile
 * @param tiling  rows of a tile
 */
record TileGrid(int rows, int columns, int group, Tiling tiling) {

    /** Rows of a tile: all of them for 1D tiling, the group for 2D. */
    int rowBlock() {
        return switch (tiling) {
            case ONE_D -> rows;
            case TWO_D -> group;
        };
    }

    /** How the reference orders the scales of the tiles. */
    StoredOrder storedOrder() {
        return switch (tiling) {
            case ONE_D -> new StoredOrder(rows, across(), 1);
            case TWO_D -> new StoredOrder(rows, across(), group);
        };
    }

    /** Tiles side by side, the groups of a row. */
    int across() {
        return Math.ceilDiv(columns, group);
    }

    /** Number of tiles. */
    int count() {
        return across() * Math.ceilDiv(rows, rowBlock());
    }

    /** The place of tile {@code index}, counted row by row. */
    Place place(int index) {
        int band = index / across();
        int group = index % across();
        int firstRow = band * rowBlock();
        int firstColumn = group * this.group;
        return new Place(
                band,
                group,
                firstRow,
                firstColumn,
                Math.min(rowBlock(), rows - firstRow),
                Math.min(this.group, columns - firstColumn));
    }

    /** Where a tile lies in the matrix. */
    record Place(int band, int group, int firstRow, int firstColumn, int rows, int columns) {}
}
