package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.MicroKernel.TILE;

import dev.sinq4j.kernel.Workers;

/**
 * The activations of a batch, rearranged once per call so that the micro kernel reads them in one stream: (tiles, columns,
 * TILE). Read where they lie, rows a few kilobytes apart, they cost a sixth of the speed. The last tile is filled up with
 * zeros. Owned by the kernels, reused by every call.
 */
final class PackedInput {

    /** Tiles of one unit of rearranging. */
    private static final int TILES_A_UNIT = 4;

    float[] x = new float[0];

    /**
     * @param source (tokens, columns)
     */
    void pack(float[] source, int tokens, int columns, Workers workers) {
        int tiles = Math.ceilDiv(tokens, TILE);
        int length = Math.multiplyExact(tiles * TILE, columns);
        if (x.length < length) x = new float[length];
        workers.run(Math.ceilDiv(tiles, TILES_A_UNIT), (unit, worker) -> {
            int end = Math.min(tiles, (unit + 1) * TILES_A_UNIT);
            for (int tile = unit * TILES_A_UNIT; tile < end; tile++) packTile(source, tile, tokens, columns);
        });
    }

    private void packTile(float[] source, int tile, int tokens, int columns) {
        int to = tile * TILE * columns;
        for (int row = 0; row < TILE; row++) {
            int token = tile * TILE + row;
            if (token < tokens) spread(source, token * columns, columns, x, to + row);
            else clear(columns, x, to + row);
        }
    }

    private static void spread(float[] source, int from, int count, float[] out, int to) {
        for (int i = 0; i < count; i++) out[to + i * TILE] = source[from + i];
    }

    private static void clear(int count, float[] out, int to) {
        for (int i = 0; i < count; i++) out[to + i * TILE] = 0;
    }
}
