package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.F;
import static dev.sinq4j.kernel.vector.Lanes.L;
import static dev.sinq4j.kernel.vector.Lanes.PANEL;
import static dev.sinq4j.kernel.vector.TileKernel.TILE;

import dev.sinq4j.kernel.Workers;
import jdk.incubator.vector.FloatVector;

/**
 * {@code y = x W^T} for many tokens: a block of a panel's columns is expanded to fp32 once and multiplied with all tokens
 * of a batch while it is in cache. A unit is one panel and one batch; how tokens are cut into batches does not change a
 * number.
 */
final class PanelProduct {

    /** Fewer tokens than this are not worth another expansion of the panel. */
    private static final int SMALLEST_BATCH = 96;

    /** Units a thread should have, so that the last ones to finish do not keep the others waiting long. */
    private static final int UNITS_A_THREAD = 8;

    private PanelProduct() {}

    /** Tokens of one unit, a multiple of the micro kernel's tile: equal shares, the fewest that give work to every thread. */
    static int batch(int panels, int tokens, int threads) {
        int batches = Math.ceilDiv(tokens, Scratch.TOKENS);
        int wanted = Math.ceilDiv(UNITS_A_THREAD * threads, Math.max(1, panels));
        batches = Math.max(batches, Math.min(wanted, tokens / SMALLEST_BATCH));
        return Math.ceilDiv(Math.ceilDiv(tokens, batches), TILE) * TILE;
    }

    /** All tokens and all panels. y: (tokens, rows). */
    static void run(VectorWeight weight, PackedInput x, int tokens, float[] y, Workers workers, Scratch[] scratch) {
        int panels = weight.panels();
        int batch = batch(panels, tokens, workers.threads());
        int batches = Math.ceilDiv(tokens, batch);
        workers.run(panels * batches, (unit, worker) -> {
            int panel = unit / batches;
            int first = unit % batches * batch;
            int count = Math.min(batch, tokens - first);
            Scratch own = scratch[worker];
            multiply(weight, panel, x, first, count, own);
            copy(
                    own.tile,
                    count,
                    weight.rowsOf(panel),
                    y,
                    first * weight.rows() + weight.firstRow(panel),
                    weight.rows());
        });
    }

    /**
     * The products of a batch with one panel, into {@link Scratch#tile}, (count, PANEL).
     *
     * @param first token, a multiple of TILE
     */
    static void multiply(VectorWeight weight, int panel, PackedInput x, int first, int count, Scratch scratch) {
        int columns = weight.columns();
        int tiles = Math.ceilDiv(count, TILE);
        int from = 0;
        do { // once even without columns, to clear the tile
            int to = weight.blockEnd(from);
            weight.fill(panel, from, to, scratch);
            TileKernel.multiply(
                    x.address(first, from, columns),
                    4 * PackedInput.tileNumbers(columns),
                    scratch.panel,
                    scratch.tile,
                    tiles,
                    to - from,
                    from > 0);
            from = to;
        } while (from < columns);
    }

    private static void copy(float[] tile, int count, int width, float[] y, int at, int rows) {
        for (int t = 0; t < count; t++) {
            int to = at + t * rows;
            if (width == PANEL)
                for (int i = 0; i < PANEL; i += L)
                    FloatVector.fromArray(F, tile, t * PANEL + i).intoArray(y, to + i);
            else System.arraycopy(tile, t * PANEL, y, to, width);
        }
    }
}
