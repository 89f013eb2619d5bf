package dev.sinq4j.cuda;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.stream.LongStream;

/**
 * A matrix as tiles on the device, and the scales of their Sinkhorn normalization.
 *
 * @param gpu         the device
 * @param shape       how the matrix is cut
 * @param weight      the matrix as a file stores it, while tiles are made of it
 * @param damaged     one int: 1 if a number is not finite
 * @param tiles       (tiles, rowBlock, group) fp32, padded with zeros
 * @param columnScale (bands, columns) fp32
 * @param rowScale    (tiles, rowBlock) fp32
 * @param imbalance   (tiles, 2) fp32: of the tile as it came, and normalized
 * @param work        (tiles, 3, rowBlock) fp32 of a kernel's own
 */
record NormalizedTiles(
        Gpu gpu,
        TileShape shape,
        DevicePointer weight,
        DevicePointer damaged,
        DevicePointer tiles,
        DevicePointer columnScale,
        DevicePointer rowScale,
        DevicePointer imbalance,
        DevicePointer work) {

    /** How many pieces of memory it takes. */
    static final int PIECES = 7;

    private static final Kernel GATHER = new Kernel("quantize_tiles", "gather_tiles");
    private static final Kernel SINKHORN = new Kernel("quantize_sinkhorn", "sinkhorn");
    private static final int THREADS = 256;
    private static final int SINKHORN_WARPS = 16;

    /** Of a tile that lies in shared memory: the smallest devices have 99 KiB, and two blocks should fit. */
    private static final long MOST_SHARED_TILE_BYTES = 32 << 10;

    /** Bytes of each piece, and of whatever else is wanted behind them. */
    static long[] sizes(Tensor weight, TileShape shape, long... further) {
        long rows = shape.paddedRows() * Float.BYTES;
        return LongStream.concat(
                        LongStream.of(
                                weight.data().byteSize(),
                                Integer.BYTES,
                                shape.paddedNumbers() * Float.BYTES,
                                (long) shape.bands() * shape.columns() * Float.BYTES,
                                rows,
                                2L * shape.tiles() * Float.BYTES,
                                3 * rows),
                        LongStream.of(further))
                .toArray();
    }

    /** @param pieces of memory, of {@link #sizes} */
    static NormalizedTiles in(DevicePointer[] pieces, Gpu gpu, TileShape shape) {
        return new NormalizedTiles(
                gpu, shape, pieces[0], pieces[1], pieces[2], pieces[3], pieces[4], pieces[5], pieces[6]);
    }

    /**
     * Brings a weight here.
     *
     * @param toHalf whether its numbers are rounded to fp16
     * @return whether all of them are finite
     * @throws UnavailableFailure if the device refuses
     */
    boolean gather(Tensor from, boolean toHalf) {
        gpu.upload(
                from.data(), weight.buffer(), weight.byteOffset(), from.data().byteSize());
        gpu.clear(damaged.buffer(), damaged.byteOffset(), Integer.BYTES);
        gpu.launch(
                GATHER,
                Grid.covering(shape.paddedNumbers(), THREADS),
                weight,
                kind(from.dtype()),
                shape.rows(),
                shape.columns(),
                shape.rowBlock(),
                shape.group(),
                toHalf ? 1 : 0,
                tiles,
                damaged);
        int[] found = new int[1];
        gpu.download(damaged.buffer(), damaged.byteOffset(), MemorySegment.ofArray(found), Integer.BYTES);
        return found[0] == 0;
    }

    private static int kind(DType dtype) {
        return switch (dtype) {
            case BF16 -> 0;
            case F16 -> 1;
            case F32 -> 2;
            default -> throw new IllegalArgumentException("a weight is F32, F16 or BF16, not " + dtype);
        };
    }

    /** Finds the scales; the tiles stay as they are. */
    void normalize() {
        long tileBytes = (long) shape.rowBlock() * shape.group() * Float.BYTES;
        boolean shared = tileBytes <= MOST_SHARED_TILE_BYTES;
        int sums = shape.group() * (2 * Double.BYTES * SINKHORN_WARPS + 3 * Float.BYTES);
        gpu.launch(
                SINKHORN,
                Grid.of(shape.tiles(), TileShape.WARP * SINKHORN_WARPS)
                        .withShared(sums + (shared ? (int) tileBytes : 0)),
                tiles,
                shape.rows(),
                shape.columns(),
                shape.rowBlock(),
                shape.group(),
                shared ? 1 : 0,
                columnScale,
                rowScale,
                imbalance,
                work);
    }
}
