package dev.sinq4j.cuda;

import dev.sinq4j.quant.RoundedTiles;
import dev.sinq4j.quant.TileDevice;
import dev.sinq4j.quant.TileTask;
import dev.sinq4j.quant.TileTask.Rounding;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Normalizes and rounds the tiles of layers on a device, see {@code tiles.cuh}. A layer at a time; memory for the largest stays until this
 * is closed.
 */
final class CudaTiles implements TileDevice, AutoCloseable {

    private static final Kernel GATHER = new Kernel("quantize_tiles", "gather_tiles");
    private static final Kernel SINKHORN = new Kernel("quantize_sinkhorn", "sinkhorn");
    private static final Kernel ROUND_ASYMMETRIC = new Kernel("quantize_round", "round_asymmetric");

    private static final int THREADS = 256;
    private static final int WARP = 32;
    private static final int LANE_COLUMNS = 8;
    private static final int SINKHORN_WARPS = 16;

    /** Columns of a tile that the lanes of a warp can share. */
    private static final int MOST_COLUMNS = WARP * LANE_COLUMNS;

    /** Of a tile that lies in shared memory: the smallest devices have 99 KiB, and two blocks should fit. */
    private static final long MOST_SHARED_TILE_BYTES = 32 << 10;

    private final Gpu gpu;
    private final Workspace memory;

    CudaTiles(Gpu gpu) {
        this.gpu = gpu;
        memory = new Workspace(gpu);
    }

    @Override
    public boolean knows(TileTask task) {
        return task.group() % LANE_COLUMNS == 0
                && task.group() <= MOST_COLUMNS
                && switch (task.rounding()) {
                    case Rounding.Asymmetric asymmetric -> true;
                    case Rounding.Other other -> false;
                };
    }

    /** Where everything lies while a layer is worked on. */
    private record Places(
            DevicePointer weight,
            DevicePointer damaged,
            DevicePointer tiles,
            DevicePointer columnScale,
            DevicePointer rowScale,
            DevicePointer imbalance,
            DevicePointer work,
            DevicePointer factor,
            DevicePointer codes,
            DevicePointer scale,
            DevicePointer zero,
            DevicePointer counted) {}

    private Places places(Tensor weight, TileTask task) {
        long rowsOfTiles = (long) task.tiles() * task.rowBlock();
        long elements = (long) task.rows() * task.columns();
        long auxiliaries = (long) task.rows() * task.across() * Float.BYTES;
        DevicePointer[] at = memory.take(
                weight.data().byteSize(),
                Integer.BYTES,
                rowsOfTiles * task.group() * Float.BYTES,
                (long) task.bands() * task.columns() * Float.BYTES,
                rowsOfTiles * Float.BYTES,
                2L * task.tiles() * Float.BYTES,
                3 * rowsOfTiles * Float.BYTES,
                (long) task.columns() * Float.BYTES,
                elements,
                auxiliaries,
                auxiliaries,
                2L * task.tiles() * Integer.BYTES);
        return new Places(at[0], at[1], at[2], at[3], at[4], at[5], at[6], at[7], at[8], at[9], at[10], at[11]);
    }

    @Override
    public synchronized boolean round(Tensor weight, TileTask task, RoundedTiles out) {
        Places places = places(weight, task);
        if (!gather(weight, task, places)) return false;
        sinkhorn(task, places);
        round(task, places);
        read(task, places, out);
        return true;
    }

    /** The weight as tiles; false if a number of it is not finite. */
    private boolean gather(Tensor weight, TileTask task, Places places) {
        write(weight.data(), places.weight());
        clear(places.damaged(), Integer.BYTES);
        gpu.launch(
                GATHER,
                Grid.covering((long) task.tiles() * task.rowBlock() * task.group(), THREADS),
                places.weight(),
                kind(weight.dtype()),
                task.rows(),
                task.columns(),
                task.rowBlock(),
                task.group(),
                task.toHalf() ? 1 : 0,
                places.tiles(),
                places.damaged());
        int[] damaged = new int[1];
        read(places.damaged(), damaged);
        return damaged[0] == 0;
    }

    private static int kind(DType dtype) {
        return switch (dtype) {
            case BF16 -> 0;
            case F16 -> 1;
            case F32 -> 2;
            default -> throw new IllegalArgumentException("a weight is F32, F16 or BF16, not " + dtype);
        };
    }

    private void sinkhorn(TileTask task, Places places) {
        long tileBytes = (long) task.rowBlock() * task.group() * Float.BYTES;
        boolean shared = tileBytes <= MOST_SHARED_TILE_BYTES;
        int sums = task.group() * (2 * Double.BYTES * SINKHORN_WARPS + 3 * Float.BYTES);
        gpu.launch(
                SINKHORN,
                Grid.of(task.tiles(), WARP * SINKHORN_WARPS).withShared(sums + (shared ? (int) tileBytes : 0)),
                places.tiles(),
                task.rows(),
                task.columns(),
                task.rowBlock(),
                task.group(),
                shared ? 1 : 0,
                places.columnScale(),
                places.rowScale(),
                places.imbalance(),
                places.work());
    }

    private void round(TileTask task, Places places) {
        float[] factor = task.activationScale();
        if (factor != null) write(MemorySegment.ofArray(factor), places.factor());
        clear(places.counted(), 2L * task.tiles() * Integer.BYTES);
        switch (task.rounding()) {
            case Rounding.Asymmetric(int bits, float margin) ->
                gpu.launch(
                        ROUND_ASYMMETRIC,
                        rows(task),
                        places.tiles(),
                        task.rows(),
                        task.columns(),
                        task.rowBlock(),
                        task.group(),
                        places.columnScale(),
                        places.rowScale(),
                        task.normalizes() ? 1 : 0,
                        places.factor(),
                        factor == null ? 0 : 1,
                        (1 << bits) - 1,
                        margin,
                        places.codes(),
                        places.scale(),
                        places.zero(),
                        places.counted());
            case Rounding.Other other -> throw new IllegalArgumentException("not known: " + task);
        }
    }

    /** The lanes of every row of the padded tiles. */
    private static Grid rows(TileTask task) {
        int lanes = Integer.highestOneBit(2 * Math.ceilDiv(task.group(), LANE_COLUMNS) - 1);
        return Grid.covering((long) task.tiles() * task.rowBlock() * lanes, THREADS);
    }

    private void read(TileTask task, Places places, RoundedTiles out) {
        gpu.download(
                places.codes().buffer(),
                places.codes().byteOffset(),
                MemorySegment.ofArray(out.codes()),
                out.codes().length);
        read(places.scale(), out.scale());
        read(places.zero(), out.zero());
        read(places.columnScale(), out.column());
        float[] imbalance = new float[2 * task.tiles()];
        read(places.imbalance(), imbalance);
        int[] counted = new int[2 * task.tiles()];
        read(places.counted(), counted);
        for (int t = 0; t < task.tiles(); t++) {
            out.imbalanceBefore()[t] = imbalance[2 * t];
            out.imbalanceAfter()[t] = imbalance[2 * t + 1];
            out.gridsThroughZero()[t] = counted[2 * t];
            out.flatRows()[t] = counted[2 * t + 1];
        }
    }

    private void write(MemorySegment from, DevicePointer to) {
        gpu.upload(from, to.buffer(), to.byteOffset(), from.byteSize());
    }

    private void clear(DevicePointer at, long bytes) {
        gpu.clear(at.buffer(), at.byteOffset(), bytes);
    }

    private void read(DevicePointer from, float[] to) {
        gpu.download(from.buffer(), from.byteOffset(), MemorySegment.ofArray(to), (long) to.length * Float.BYTES);
    }

    private void read(DevicePointer from, int[] to) {
        gpu.download(from.buffer(), from.byteOffset(), MemorySegment.ofArray(to), (long) to.length * Integer.BYTES);
    }

    @Override
    public void close() {
        memory.close();
    }
}
