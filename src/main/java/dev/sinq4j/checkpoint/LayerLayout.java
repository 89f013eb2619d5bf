package dev.sinq4j.checkpoint;

import dev.sinq4j.weight.PackedWeight;
import dev.sinq4j.weight.StoredOrder;
import java.util.List;

/**
 * Shapes and order of a quantized layer's tensors. Where the tiles cover the matrix exactly they are the reference's;
 * otherwise scales and zeros of 2D tiling are one column in {@link StoredOrder}, and column scales (bands, columns).
 *
 * @param twoDimensional whether tiles are group x group
 */
record LayerLayout(int rows, int columns, int group, boolean twoDimensional) {

    int groups() {
        return PackedWeight.groups(columns, group);
    }

    /** Scales of the layer, and code rows. */
    int scales() {
        return Math.multiplyExact(rows, groups());
    }

    /** Rows of column scales: bands of tiles for 2D tiling. */
    int bands() {
        return twoDimensional ? Math.ceilDiv(rows, group) : 1;
    }

    /** Output rows that share one row of column scales. */
    int rowBlock() {
        return twoDimensional ? group : rows;
    }

    /** Whether no tile is cut short. */
    boolean isExact() {
        return columns % group == 0 && !(twoDimensional && rows % group != 0);
    }

    List<Long> scaleShape() {
        return twoDimensional && isExact()
                ? List.of((long) bands() * groups(), (long) group, 1L)
                : List.of((long) scales(), 1L);
    }

    List<Long> columnScaleShape() {
        return twoDimensional && isExact()
                ? List.of((long) bands() * groups(), 1L, (long) group)
                : List.of((long) bands(), (long) columns);
    }

    StoredOrder order() {
        return new StoredOrder(rows, groups(), twoDimensional ? group : 1);
    }

    /** (rows, groups) row-major to the order of the file. */
    short[] toStored(short[] values) {
        short[] stored = new short[values.length];
        forEach((element, position) -> stored[position] = values[element]);
        return stored;
    }

    /** (rows, groups) row-major to the order of the file. */
    float[] toStored(float[] values) {
        float[] stored = new float[values.length];
        forEach((element, position) -> stored[position] = values[element]);
        return stored;
    }

    /** (rows, groups) row-major to the order of the file. */
    byte[] toStored(byte[] values) {
        byte[] stored = new byte[values.length];
        forEach((element, position) -> stored[position] = values[element]);
        return stored;
    }

    /** Undoes {@link #toStored(short[])}. */
    short[] fromStored(short[] stored) {
        short[] values = new short[stored.length];
        forEach((element, position) -> values[element] = stored[position]);
        return values;
    }

    /** Undoes {@link #toStored(float[])}. */
    float[] fromStored(float[] stored) {
        float[] values = new float[stored.length];
        forEach((element, position) -> values[element] = stored[position]);
        return values;
    }

    /** Undoes {@link #toStored(byte[])}. */
    byte[] fromStored(byte[] stored) {
        byte[] values = new byte[stored.length];
        forEach((element, position) -> values[element] = stored[position]);
        return values;
    }

    private void forEach(Pair pair) {
        StoredOrder order = order();
        int groups = groups();
        for (int row = 0, element = 0; row < rows; row++)
            for (int t = 0; t < groups; t++, element++) pair.visit(element, order.position(row, t));
    }

    /** An element's place in memory and in the file. */
    private interface Pair {
        void visit(int element, int position);
    }
}
