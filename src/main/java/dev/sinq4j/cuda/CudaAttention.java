package dev.sinq4j.cuda;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.kernel.AttentionShape;

/**
 * Causal attention on the device, see {@code attention.cu}: fp32 for few tokens, bf16 products with fp32 sums for many. Owns the
 * memory in which parts of one query's result wait to be merged.
 */
public final class CudaAttention implements AutoCloseable {

    /** Up to so many tokens each is taken by itself, in fp32. */
    static final int FEW_TOKENS = 8;

    private static final String FILE = "attention";
    private static final Kernel CHUNKS = new Kernel(FILE, "attention_chunks");
    private static final Kernel MERGE = new Kernel(FILE, "attention_merge");

    private static final int CHUNK = 128;
    private static final int HEADS_EACH = 8;
    private static final int CHUNK_THREADS = 128;
    private static final int MERGE_THREADS = 256;
    private static final int MOST_DIM = 256;
    private static final int QUERIES = 64;
    private static final int KEYS = 32;
    private static final int TILE_THREADS = 128;
    private static final int PAD = 8;

    private final Gpu gpu;
    private final Workspace workspace;

    public CudaAttention(Gpu gpu) {
        this.gpu = gpu;
        workspace = new Workspace(gpu);
    }

    /**
     * Attention of {@code tokens} new queries whose first stands at {@code start}; keys and values of positions {@code 0 .. start
     * + tokens - 1} are there already. What is launched for few tokens is right for other positions with the same {@link #room}.
     *
     * @param q      (tokens, heads, keyDim) fp32
     * @param keys   (kvHeads, capacity, keyDim) fp32
     * @param values (kvHeads, capacity, valueDim) fp32
     * @param out    (tokens, heads, valueDim) fp32, overwritten
     * @throws UnavailableFailure for heads of more than 256 numbers
     */
    public void attention(
            AttentionShape shape,
            DeviceBuffer q,
            DeviceBuffer keys,
            DeviceBuffer values,
            DevicePlace start,
            int tokens,
            DeviceBuffer out) {
        if (shape.keyDim() > MOST_DIM || shape.valueDim() > MOST_DIM)
            throw new UnavailableFailure("attention heads of " + Math.max(shape.keyDim(), shape.valueDim())
                    + " numbers: the GPU's kernels take up to " + MOST_DIM + "; run with --backend cpu");
        if (tokens <= FEW_TOKENS) few(shape, q, keys, values, start, tokens, out);
        else many(shape, q, keys, values, start, tokens, out);
    }

    private void few(
            AttentionShape shape,
            DeviceBuffer q,
            DeviceBuffer keys,
            DeviceBuffer values,
            DevicePlace start,
            int tokens,
            DeviceBuffer out) {
        int room = room(shape, start.position() + tokens, tokens);
        DevicePointer parts = parts(shape, tokens);
        int batches = Math.ceilDiv(shape.headsPerKvHead(), HEADS_EACH);
        gpu.launch(
                CHUNKS,
                new Grid(room, shape.kvHeads(), tokens * batches, CHUNK_THREADS, 0),
                q,
                keys,
                values,
                shape.heads(),
                shape.kvHeads(),
                shape.keyDim(),
                shape.valueDim(),
                shape.capacity(),
                shape.window(),
                shape.scale(),
                start.memory(),
                parts);
        gpu.launch(
                MERGE,
                new Grid(shape.heads(), tokens, 1, MERGE_THREADS, 0),
                parts,
                shape.heads(),
                room,
                shape.valueDim(),
                shape.window(),
                start.memory(),
                out);
    }

    /** Chunks that there is room for where a text has so many positions: a power of two, so that many positions have the same. */
    static int room(int positions) {
        int chunks = Math.ceilDiv(positions, CHUNK);
        return chunks <= 1 ? 1 : Integer.highestOneBit(chunks - 1) << 1;
    }

    /** The same, but no more than a cache holds and than a window of each of {@code tokens} neighbours touches. */
    private static int room(AttentionShape shape, int positions, int tokens) {
        long touched = Math.ceilDiv((long) shape.window() + tokens - 2, CHUNK) + 1;
        return (int) Math.min(touched, Math.min(room(positions), Math.ceilDiv(shape.capacity(), CHUNK)));
    }

    /** Room for the parts of a full cache, so that memory does not grow token by token. */
    private DevicePointer parts(AttentionShape shape, int tokens) {
        long part = (long) shape.heads() * (shape.valueDim() + 2) * Float.BYTES;
        return workspace.take(part * tokens * Math.ceilDiv(shape.capacity(), CHUNK))[0];
    }

    private void many(
            AttentionShape shape,
            DeviceBuffer q,
            DeviceBuffer keys,
            DeviceBuffer values,
            DevicePlace start,
            int tokens,
            DeviceBuffer out) {
        int keyRow = padded(shape.keyDim());
        int valueRow = padded(shape.valueDim());
        int sharedBytes = Short.BYTES * ((QUERIES + KEYS) * keyRow + KEYS * valueRow);
        gpu.launch(
                tiles(shape.valueDim()),
                new Grid(Math.ceilDiv(tokens, QUERIES), shape.heads(), 1, TILE_THREADS, sharedBytes),
                q,
                keys,
                values,
                shape.heads(),
                shape.kvHeads(),
                shape.keyDim(),
                shape.valueDim(),
                shape.capacity(),
                shape.window(),
                shape.scale(),
                start.position(),
                tokens,
                out);
    }

    private static int padded(int dim) {
        return Math.ceilDiv(dim, 16) * 16 + PAD;
    }

    private static Kernel tiles(int valueDim) {
        if (valueDim <= 64) return new Kernel(FILE, "attention_tiles_64");
        return new Kernel(FILE, valueDim <= 128 ? "attention_tiles_128" : "attention_tiles_256");
    }

    @Override
    public void close() {
        workspace.close();
    }
}
