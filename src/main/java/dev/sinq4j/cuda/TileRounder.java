package dev.sinq4j.cuda;

import dev.sinq4j.quant.RoundedTiles;
import dev.sinq4j.quant.TileTask;
import dev.sinq4j.quant.TileTask.Rounding;
import dev.sinq4j.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Rounds normalized tiles of a layer on the device.
 *
 * @param gpu     the device
 * @param task    what to do
 * @param tiles   normalized
 * @param factor  (columns) the activation scale, if there is one
 * @param levels  thresholds of a codebook, if it is one
 * @param codes   (rows, columns), one a byte
 * @param scale   (rows, groups) fp32
 * @param zero    (rows, groups) fp32
 * @param counted (tiles, 2) ints: grids made to span zero, rows too narrow for a grid
 */
record TileRounder(
        Gpu gpu,
        TileTask task,
        NormalizedTiles tiles,
        DevicePointer factor,
        DevicePointer levels,
        DevicePointer codes,
        DevicePointer scale,
        DevicePointer zero,
        DevicePointer counted) {

    private static final Kernel ASYMMETRIC = new Kernel("quantize_round", "round_asymmetric");
    private static final Kernel SYMMETRIC = new Kernel("quantize_round", "round_symmetric");
    private static final Kernel LEVELS = new Kernel("quantize_round", "round_levels");
    private static final Kernel HQQ = new Kernel("hqq", "round_hqq");
    private static final int HQQ_WARPS = 16;
    private static final int MOST_LEVELS = 256;

    /** With everything it needs in one piece of memory. */
    static TileRounder in(Workspace memory, Gpu gpu, Tensor weight, TileTask task) {
        TileShape shape = TileShape.of(task);
        long auxiliaries = (long) task.rows() * task.across() * Float.BYTES;
        DevicePointer[] pieces = memory.take(NormalizedTiles.sizes(
                weight,
                shape,
                (long) task.columns() * Float.BYTES,
                MOST_LEVELS * Float.BYTES,
                (long) task.rows() * task.columns(),
                auxiliaries,
                auxiliaries,
                2L * task.tiles() * Integer.BYTES));
        int at = NormalizedTiles.PIECES;
        return new TileRounder(
                gpu,
                task,
                NormalizedTiles.in(pieces, gpu, shape),
                pieces[at],
                pieces[at + 1],
                pieces[at + 2],
                pieces[at + 3],
                pieces[at + 4],
                pieces[at + 5]);
    }

    void round() {
        float[] activationScale = task.activationScale();
        if (activationScale != null) write(activationScale, factor);
        gpu.clear(counted.buffer(), counted.byteOffset(), 2L * task.tiles() * Integer.BYTES);
        TileShape shape = tiles.shape();
        switch (task.rounding()) {
            case Rounding.Asymmetric(int bits, float margin) ->
                launch(ASYMMETRIC, shape.lanes(), maxCode(bits), margin);
            case Rounding.Symmetric(int bits) -> launch(SYMMETRIC, shape.lanes(), maxCode(bits) / 2);
            case Rounding.Levels(float[] thresholds, float farthest) -> {
                write(thresholds, levels);
                launch(LEVELS, shape.lanes(), levels, thresholds.length, farthest);
            }
            case Rounding.HalfQuadratic(int bits, float margin, boolean mend) ->
                launch(
                        HQQ,
                        Grid.of(shape.tiles(), TileShape.WARP * HQQ_WARPS),
                        maxCode(bits),
                        margin,
                        mend ? 1 : 0,
                        tiles.work());
        }
    }

    private static int maxCode(int bits) {
        return (1 << bits) - 1;
    }

    /** @param own arguments of this rounding, which stand between those that all have */
    private void launch(Kernel kernel, Grid grid, Object... own) {
        TileShape shape = tiles.shape();
        List<Object> arguments = new ArrayList<>(Arrays.asList(
                tiles.tiles(),
                shape.rows(),
                shape.columns(),
                shape.rowBlock(),
                shape.group(),
                tiles.columnScale(),
                tiles.rowScale(),
                task.normalizes() ? 1 : 0,
                factor,
                task.activationScale() == null ? 0 : 1));
        Collections.addAll(arguments, own);
        Collections.addAll(arguments, codes, scale, zero, counted);
        gpu.launch(kernel, grid, arguments.toArray());
    }

    /** Brings everything back. */
    void read(RoundedTiles out) {
        read(codes, MemorySegment.ofArray(out.codes()));
        read(scale, MemorySegment.ofArray(out.scale()));
        read(zero, MemorySegment.ofArray(out.zero()));
        read(tiles.columnScale(), MemorySegment.ofArray(out.column()));
        float[] imbalance = new float[2 * task.tiles()];
        read(tiles.imbalance(), MemorySegment.ofArray(imbalance));
        int[] counts = new int[2 * task.tiles()];
        read(counted, MemorySegment.ofArray(counts));
        for (int t = 0; t < task.tiles(); t++) {
            out.imbalanceBefore()[t] = imbalance[2 * t];
            out.imbalanceAfter()[t] = imbalance[2 * t + 1];
            out.gridsThroughZero()[t] = counts[2 * t];
            out.flatRows()[t] = counts[2 * t + 1];
        }
    }

    private void write(float[] from, DevicePointer to) {
        gpu.upload(MemorySegment.ofArray(from), to.buffer(), to.byteOffset(), (long) from.length * Float.BYTES);
    }

    private void read(DevicePointer from, MemorySegment to) {
        gpu.download(from.buffer(), from.byteOffset(), to, to.byteSize());
    }
}
