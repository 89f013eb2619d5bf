package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.ALL;
import static dev.sinq4j.kernel.vector.Lanes.F;
import static dev.sinq4j.kernel.vector.Lanes.L;
import static dev.sinq4j.kernel.vector.Lanes.PANEL;
import static dev.sinq4j.kernel.vector.Lanes.QUAD;

import dev.sinq4j.kernel.AttentionShape;
import dev.sinq4j.kernel.Workers;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Attention of many tokens with an online softmax: scores exist for one tile of queries and one tile of keys at a time. A
 * unit is one key head and one tile of queries, all query heads of that key head together; its key tiles come in ascending
 * order. Keys are transposed to panels beforehand, once for all units.
 */
final class FlashAttention implements AutoCloseable {

    /** Below this the decoding kernel is used. */
    static final int FEWEST_TOKENS = 6;

    /** Tokens of one tile of queries: a multiple of the micro kernel's rows. */
    private static final int QUERIES = 48;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private final Workers workers;
    private final Tile[] tiles; // one a worker
    private final AlignedNumbers keyPanels = new AlignedNumbers(); // (kvHeads, key tiles, keyDim, PANEL)
    private final AlignedNumbers valuePanels = new AlignedNumbers(); // (kvHeads, key tiles, PANEL, padded valueDim)

    /** What one thread works on. */
    private static final class Tile {
        float[] scores = new float[0]; // (group, QUERIES, PANEL)
        float[] out = new float[0]; // (group, QUERIES, padded valueDim)
        float[] max = new float[0]; // (group, QUERIES)
        double[] sum = new double[0]; // (group, QUERIES)

        void reserve(int group, int width) {
            int rows = group * QUERIES;
            if (scores.length < rows * PANEL) scores = new float[rows * PANEL];
            if (out.length < rows * width) out = new float[rows * width];
            if (max.length < rows) {
                max = new float[rows];
                sum = new double[rows];
            }
            Arrays.fill(out, 0, rows * width, 0);
            Arrays.fill(max, 0, rows, Float.NEGATIVE_INFINITY);
            Arrays.fill(sum, 0, rows, 0);
        }
    }

    /** One call's arguments. */
    private record Call(AttentionShape shape, float[] q, float[] values, int start, int tokens, float[] out) {

        int firstTile() {
            return shape.firstSeen(start) / PANEL;
        }

        int keyTiles() {
            return Math.ceilDiv(start + tokens, PANEL) - firstTile();
        }

        int width() {
            return Math.ceilDiv(shape.valueDim(), QUAD) * QUAD;
        }
    }

    FlashAttention(Workers workers) {
        this.workers = workers;
        tiles = new Tile[workers.threads()];
        Arrays.setAll(tiles, i -> new Tile());
    }

    void run(AttentionShape shape, float[] q, float[] keys, float[] values, int start, int tokens, float[] out) {
        Call call = new Call(shape, q, values, start, tokens, out);
        int panels = shape.kvHeads() * call.keyTiles();
        reserve(call, panels);
        workers.run(panels, (unit, worker) -> pack(call, keys, unit));
        int queryTiles = Math.ceilDiv(tokens, QUERIES);
        workers.run(queryTiles * shape.kvHeads(), (unit, worker) -> {
            int tile = queryTiles - 1 - unit / shape.kvHeads(); // the longest first, so that the end is even
            attend(call, unit % shape.kvHeads(), tile * QUERIES, tiles[worker]);
        });
    }

    private void pack(Call call, float[] keys, int unit) {
        AttentionShape shape = call.shape();
        int kvHead = unit / call.keyTiles();
        int position = (call.firstTile() + unit % call.keyTiles()) * PANEL;
        int count = Math.min(PANEL, call.start() + call.tokens() - position);
        int row = kvHead * shape.capacity() + position;
        long panel = keyPanels.address() + 4L * unit * shape.keyDim() * PANEL;
        Transposition.panel(keys, row * shape.keyDim(), count, shape.keyDim(), PANEL, panel);
        for (int i = 0; i < count; i++) {
            long to = valuePanels.address() + 4L * ((long) unit * PANEL + i) * call.width();
            MemorySegment.copy(call.values(), (row + i) * shape.valueDim(), ALL, FLOAT, to, shape.valueDim());
        }
    }

    private void attend(Call call, int kvHead, int firstQuery, Tile tile) {
        AttentionShape shape = call.shape();
        int queries = Math.min(QUERIES, call.tokens() - firstQuery);
        tile.reserve(shape.headsPerKvHead(), call.width());
        int firstPosition = call.start() + firstQuery;
        int from = shape.firstSeen(firstPosition) / PANEL;
        int to = (firstPosition + queries - 1) / PANEL;
        for (int keyTile = from; keyTile <= to; keyTile++)
            for (int head = 0; head < shape.headsPerKvHead(); head++)
                step(call, kvHead, firstQuery, queries, keyTile, head, tile);
        for (int head = 0; head < shape.headsPerKvHead(); head++)
            for (int i = 0; i < queries; i++) finish(call, kvHead, firstQuery + i, head, head * QUERIES + i, tile);
    }

    /** One head of one tile of queries meets one tile of keys. */
    private void step(Call call, int kvHead, int firstQuery, int queries, int keyTile, int head, Tile tile) {
        AttentionShape shape = call.shape();
        int panel = kvHead * call.keyTiles() + keyTile - call.firstTile();
        int position = keyTile * PANEL;
        int count = Math.min(PANEL, call.start() + call.tokens() - position);
        int stride = shape.heads() * shape.keyDim();
        int query = firstQuery * stride + (kvHead * shape.headsPerKvHead() + head) * shape.keyDim();
        int row = head * QUERIES;
        MicroKernel.multiply(
                call.q(),
                query,
                stride,
                keyPanels.address() + 4L * panel * shape.keyDim() * PANEL,
                PANEL,
                tile.scores,
                row * PANEL,
                PANEL,
                queries,
                shape.keyDim(),
                PANEL,
                false);
        for (int i = 0; i < queries; i++) softmax(call, firstQuery + i, position, row + i, tile);
        MicroKernel.multiply(
                tile.scores,
                row * PANEL,
                PANEL,
                valuePanels.address() + 4L * panel * PANEL * call.width(),
                call.width(),
                tile.out,
                row * call.width(),
                call.width(),
                queries,
                count,
                call.width(),
                true);
    }

    /** Turns one query's scores of a key tile into weights and rescales what was collected before. */
    private static void softmax(Call call, int query, int position, int row, Tile tile) {
        int own = call.start() + query;
        int low = Math.clamp(call.shape().firstSeen(own) - (long) position, 0, PANEL);
        int high = Math.clamp(own + 1L - position, 0, PANEL);
        int at = row * PANEL;
        float[] scores = tile.scores;
        if (low >= high) {
            Arrays.fill(scores, at, at + PANEL, 0);
            return;
        }
        if (low > 0) Arrays.fill(scores, at, at + low, Float.NEGATIVE_INFINITY);
        if (high < PANEL) Arrays.fill(scores, at + high, at + PANEL, Float.NEGATIVE_INFINITY);
        float highest = Math.max(
                tile.max[row], Largest.scaled(scores, at, PANEL, call.shape().scale()));
        float sum = Exponential.shifted(scores, at, PANEL, highest);
        if (low > 0) Arrays.fill(scores, at, at + low, 0);
        if (high < PANEL) Arrays.fill(scores, at + high, at + PANEL, 0);
        if (highest > tile.max[row]) {
            float correction = (float) Math.exp(tile.max[row] - highest);
            tile.sum[row] *= correction;
            scale(tile.out, row * call.width(), call.width(), correction);
            tile.max[row] = highest;
        }
        tile.sum[row] += sum;
    }

    private static void finish(Call call, int kvHead, int query, int head, int row, Tile tile) {
        AttentionShape shape = call.shape();
        scale(tile.out, row * call.width(), call.width(), (float) (1 / tile.sum[row]));
        int to = (query * shape.heads() + kvHead * shape.headsPerKvHead() + head) * shape.valueDim();
        System.arraycopy(tile.out, row * call.width(), call.out(), to, shape.valueDim());
    }

    private static void scale(float[] x, int at, int count, float factor) {
        for (int i = at; i < at + count; i += L)
            FloatVector.fromArray(F, x, i).mul(factor).intoArray(x, i);
    }

    private void reserve(Call call, int panels) {
        keyPanels.reserve((long) panels * call.shape().keyDim() * PANEL);
        valuePanels.reserve((long) panels * PANEL * call.width());
    }

    @Override
    public void close() {
        keyPanels.close();
        valuePanels.close();
    }
}
