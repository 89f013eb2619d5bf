package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.ALL;
import static dev.sinq4j.kernel.vector.TileKernel.STEP;
import static dev.sinq4j.kernel.vector.TileKernel.TILE;

import dev.sinq4j.kernel.Workers;
import java.lang.foreign.ValueLayout;

/**
 * The activations of a batch, rearranged once per call so that the micro kernel reads them in one stream: (tiles, columns,
 * TILE of STEP). Read where they lie, rows a few kilobytes apart, they cost a sixth of the speed. The last tile is filled up with
 * zeros. Owned by the kernels, reused by every call.
 */
final class PackedInput implements AutoCloseable {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    /** Tiles of one unit of rearranging. */
    private static final int TILES_A_UNIT = 4;

    private final AlignedNumbers x = new AlignedNumbers();

    /** Of a column of the tile that begins with token {@code first}; changes with {@link #pack}. */
    long address(int first, int column, int columns) {
        return x.address() + 4 * (first / TILE * tileNumbers(columns) + (long) column * STEP);
    }

    /** Numbers from one tile to the next. */
    static long tileNumbers(int columns) {
        return (long) columns * STEP;
    }

    /**
     * @param source (tokens, columns)
     */
    void pack(float[] source, int tokens, int columns, Workers workers) {
        int tiles = Math.ceilDiv(tokens, TILE);
        x.reserve(tiles * tileNumbers(columns));
        workers.run(Math.ceilDiv(tiles, TILES_A_UNIT), (unit, worker) -> {
            int end = Math.min(tiles, (unit + 1) * TILES_A_UNIT);
            for (int tile = unit * TILES_A_UNIT; tile < end; tile++) packTile(source, tile, tokens, columns);
        });
    }

    private void packTile(float[] source, int tile, int tokens, int columns) {
        int first = tile * TILE;
        long to = address(first, 0, columns);
        if (first + TILE <= tokens) interleave(source, first * columns, columns, to);
        else
            for (int row = 0; row < TILE; row++) {
                if (first + row < tokens) spread(source, (first + row) * columns, columns, to + 4L * row);
                else clear(columns, to + 4L * row);
            }
    }

    /** A whole tile, column by column, so that it is written in one stream. */
    private static void interleave(float[] source, int from, int columns, long to) {
        int row1 = from + columns;
        int row2 = from + 2 * columns;
        int row3 = from + 3 * columns;
        int row4 = from + 4 * columns;
        int row5 = from + 5 * columns;
        for (int i = 0; i < columns; i++) {
            long at = to + 4L * i * STEP;
            ALL.set(FLOAT, at, source[from + i]);
            ALL.set(FLOAT, at + 4, source[row1 + i]);
            ALL.set(FLOAT, at + 8, source[row2 + i]);
            ALL.set(FLOAT, at + 12, source[row3 + i]);
            ALL.set(FLOAT, at + 16, source[row4 + i]);
            ALL.set(FLOAT, at + 20, source[row5 + i]);
        }
    }

    private static void spread(float[] source, int from, int columns, long to) {
        for (int i = 0; i < columns; i++) ALL.set(FLOAT, to + 4L * i * STEP, source[from + i]);
    }

    private static void clear(int count, long to) {
        for (int i = 0; i < count; i++) ALL.set(FLOAT, to + 4L * i * STEP, 0f);
    }

    @Override
    public void close() {
        x.close();
    }
}
