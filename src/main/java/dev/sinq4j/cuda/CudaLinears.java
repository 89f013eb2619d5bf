package dev.sinq4j.cuda;

import dev.sinq4j.cuda.CudaWeight.Dense;
import dev.sinq4j.cuda.CudaWeight.Rotation;
import dev.sinq4j.kernel.LinearWeight;
import dev.sinq4j.weight.InputTransform;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Linear layers, tables and losses on a device. Activations are fp32, row-major.
 *
 * <p>Up to {@link DecodeShape#MOST_TOKENS} tokens are multiplied in fp32 with exact codes; more on the tensor cores, activations and
 * weights rounded to bf16, accumulated in fp32; losses always on the tensor cores. Not thread-safe.
 *
 * <p>{@link #linear} for few tokens allocates nothing: {@link #prepare} makes room for it, so that it can be recorded in a graph after
 * the last weight is prepared.
 */
final class CudaLinears implements AutoCloseable {

    private static final Kernel HADAMARD = new Kernel("activations", "hadamard");
    private static final Kernel EMBED = new Kernel("linear_generic", "embed");
    private static final Kernel LOSS_TILES = new Kernel("cross_entropy", "loss_tiles");
    private static final Kernel MERGE_LOSSES = new Kernel("cross_entropy", "merge_losses");
    private static final int THREADS = 256;
    private static final int MOST_SHARED_NUMBERS = 24_000; // of a rotation: the smallest devices have 99 KiB

    private final Gpu gpu;
    private final WeightUpload upload;
    private final LinearDecode decode;
    private final LinearPrefill prefill;
    private final Workspace few; // tokens; grows in prepare alone
    private final Workspace many;

    CudaLinears(Gpu gpu) {
        this.gpu = gpu;
        upload = new WeightUpload(gpu);
        decode = new LinearDecode(gpu);
        prefill = new LinearPrefill(gpu);
        few = new Workspace(gpu);
        many = new Workspace(gpu);
    }

    /**
     * Copies a weight to the device; nothing of it is needed on the host afterwards.
     *
     * @throws dev.sinq4j.failure.UnavailableFailure if the device has not enough memory
     */
    CudaWeight prepare(Weight weight) {
        CudaWeight prepared = upload.upload(weight);
        few.reserve(rotatedBytes(prepared, DecodeShape.MOST_TOKENS), mostPartBytes(prepared));
        return prepared;
    }

    private long mostPartBytes(CudaWeight weight) {
        return Math.max(decode.partBytes(weight, 1), decode.partBytes(weight, DecodeShape.MOST_TOKENS));
    }

    /**
     * {@code y = x W^T}.
     *
     * @param x (tokens, columns)
     * @param y (tokens, rows), overwritten
     */
    void linear(LinearWeight weight, DeviceBuffer x, int tokens, DeviceBuffer y) {
        CudaWeight matrix = onDevice(weight);
        room("x", x, tokens, matrix.columns());
        room("y", y, tokens, matrix.rows());
        if (tokens == 0 || matrix.rows() == 0) return;
        if (tokens <= DecodeShape.MOST_TOKENS) {
            DevicePointer[] space = few.take(rotatedBytes(matrix, tokens), decode.partBytes(matrix, tokens));
            decode.multiply(matrix, rotated(matrix, x, tokens, space[0]), tokens, y, space[1]);
        } else {
            DevicePointer[] space = many.take(
                    rotatedBytes(matrix, tokens),
                    prefill.roundedBytes(matrix, tokens),
                    prefill.multiplySlabBytes(matrix));
            prefill.multiply(matrix, rotated(matrix, x, tokens, space[0]), tokens, y, space[1], space[2]);
        }
    }

    /**
     * out(t) = row ids[t] of the table.
     *
     * @param table dense
     * @param ids   (tokens) ints, 0 to rows - 1: not checked
     * @param out   (tokens, columns), overwritten
     */
    void embed(LinearWeight table, DeviceBuffer ids, int tokens, DeviceBuffer out) {
        if (!(table instanceof Dense dense)) throw new IllegalArgumentException("an embedding table is dense");
        room("ids", ids, tokens, 1);
        room("out", out, tokens, dense.columns());
        if (tokens == 0) return;
        gpu.launch(EMBED, Grid.of(tokens, THREADS), dense.numbers(), dense.kind(), ids, dense.columns(), out);
    }

    /**
     * Negative log-likelihood, in nats, of one target a token; the logits are never stored.
     *
     * @param head    (vocabulary, width)
     * @param hidden  (tokens, width)
     * @param targets one id a token
     * @param nll     one number a token, overwritten
     */
    void crossEntropy(LinearWeight head, DeviceBuffer hidden, int tokens, int[] targets, double[] nll) {
        CudaWeight matrix = onDevice(head);
        room("hidden", hidden, tokens, matrix.columns());
        checkTargets(targets, tokens, matrix.rows());
        if (tokens == 0) return;
        int tiles = Math.ceilDiv(matrix.rows(), LinearPrefill.TILE);
        DevicePointer[] space = many.take(
                rotatedBytes(matrix, tokens),
                prefill.roundedBytes(matrix, tokens),
                prefill.slabBytes(matrix),
                (long) tokens * Integer.BYTES,
                (long) tokens * Float.BYTES,
                (long) tokens * tiles * 2 * Float.BYTES,
                (long) tokens * Double.BYTES);
        DevicePointer rounded = space[1];
        DevicePointer ids = space[3];
        DevicePointer targetLogits = space[4];
        DevicePointer stats = space[5];
        DevicePointer losses = space[6];
        gpu.upload(MemorySegment.ofArray(targets), ids.buffer(), ids.byteOffset(), (long) tokens * Integer.BYTES);
        prefill.roundAscending(matrix, rotated(matrix, hidden, tokens, space[0]), tokens, rounded);
        prefill.slabs(
                matrix,
                space[2],
                (rows, width, first, count) -> gpu.launch(
                        LOSS_TILES,
                        new Grid(
                                Math.ceilDiv(tokens, LinearPrefill.TILE),
                                Math.ceilDiv(count, LinearPrefill.TILE),
                                1,
                                LinearPrefill.THREADS,
                                LinearPrefill.denseSharedBytes()),
                        rows,
                        width,
                        rounded,
                        tokens,
                        count,
                        LinearPrefill.width(matrix.columns()) / LinearPrefill.WIDTH,
                        first,
                        ids,
                        targetLogits,
                        stats));
        gpu.launch(MERGE_LOSSES, Grid.covering(tokens, THREADS), stats, targetLogits, tiles, tokens, losses);
        gpu.download(losses.buffer(), losses.byteOffset(), MemorySegment.ofArray(nll), (long) tokens * Double.BYTES);
    }

    private static long rotatedBytes(CudaWeight weight, int tokens) {
        return weight.rotation() == null ? 0 : (long) tokens * weight.columns() * Float.BYTES;
    }

    /** The input as the codes see it: x itself, or rotated into {@code space}. */
    private Object rotated(CudaWeight weight, DeviceBuffer x, int tokens, DevicePointer space) {
        if (weight.rotation() == null) return x;
        rotate(weight, x, tokens, space);
        return space;
    }

    /**
     * The rotation alone.
     *
     * @param weight one that rotates its input
     * @param x      (tokens, columns)
     * @param out    (tokens, columns), overwritten
     */
    void rotate(CudaWeight weight, DeviceBuffer x, int tokens, DevicePointer out) {
        Rotation rotation = Objects.requireNonNull(weight.rotation());
        InputTransform.Hadamard transform = rotation.transform();
        int block = transform.block();
        int shared = block <= MOST_SHARED_NUMBERS ? block : 0;
        gpu.launch(
                HADAMARD,
                new Grid(weight.columns() / block, tokens, 1, THREADS, (shared + rotation.base()) * Float.BYTES),
                x,
                rotation.memory(),
                rotation.paley(),
                weight.columns(),
                block,
                rotation.base(),
                (float) (1 / Math.sqrt(block)),
                shared,
                out);
    }

    private static CudaWeight onDevice(LinearWeight weight) {
        if (weight instanceof CudaWeight matrix) return matrix;
        throw new IllegalArgumentException("a weight of another backend: " + weight);
    }

    private static void checkTargets(int[] targets, int tokens, int rows) {
        for (int i = 0; i < tokens; i++)
            if (targets[i] < 0 || targets[i] >= rows)
                throw new IllegalArgumentException(
                        "targets[" + i + "]: expected 0 to " + (rows - 1) + ", found " + targets[i]);
    }

    private static void room(String name, DeviceBuffer buffer, int tokens, int width) {
        if (tokens < 0) throw new IllegalArgumentException("a count must be 0 or more, was " + tokens);
        if (buffer.bytes() < 4L * tokens * width)
            throw new IllegalArgumentException(
                    name + ": expected at least " + tokens + " x " + width + " numbers, found " + buffer.bytes() / 4);
    }

    @Override
    public void close() {
        few.close();
        many.close();
    }
}
