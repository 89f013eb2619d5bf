package dev.sinq4j.quant;

/**
 * A sub-matrix in memory of its own, fp32.
 *
 * @param rows    output features
 * @param columns input features, at most the group
 * @param values  (rows, columns), row-major; steps change it in place where they say so
 */
record Tile(int rows, int columns, float[] values) {
    Tile {
        if (values.length != rows * columns)
            throw new IllegalArgumentException(
                    "tile: expected " + rows + " x " + columns + " numbers, found " + values.length);
    }
}
