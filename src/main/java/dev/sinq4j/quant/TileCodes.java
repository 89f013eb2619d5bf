package dev.sinq4j.quant;

/** What rounding makes of a tile: {@code w~ = (level(code) - zero) * scale}. Filled by a {@link TileRounding}. */
final class TileCodes {

    /** (rows, columns), row-major. */
    final byte[] codes;

    /** (rows) */
    final float[] scale;

    /** (rows), in code units. */
    final float[] zero;

    /** Rows whose grid was made to span zero, see {@link GridThroughZero}. */
    int gridsThroughZero;

    /** Rows whose range is below the narrowest a grid spans. */
    int flatRows;

    TileCodes(int rows, int columns) {
        codes = new byte[rows * columns];
        scale = new float[rows];
        zero = new float[rows];
    }
}
