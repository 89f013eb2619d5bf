package dev.sinq4j.cuda;

import dev.sinq4j.cuda.CudaWeight.Dense;
import dev.sinq4j.cuda.CudaWeight.Packed;
import dev.sinq4j.tensor.DType;

/**
 * {@code y = x W^T} on the tensor cores, {@code linear_prefill.cu}: activations and weights rounded to bf16, accumulated in fp32. Dense
 * bf16 and regular packed weights are multiplied where they lie; of all others, slabs of rows are written out in bf16 first.
 */
final class LinearPrefill {

    /** Rows and tokens of a block. */
    static final int TILE = 128;

    /** Columns of a stage. */
    static final int WIDTH = 64;

    /** Threads of a block of the product. */
    static final int THREADS = 128;

    private static final Kernel ROUND = new Kernel("activations", "round_activations");
    private static final Kernel PREFILL_DENSE = new Kernel("linear_prefill", "prefill_dense");
    private static final Kernel ROWS_OF_DENSE = new Kernel("linear_generic", "rows_of_dense");
    private static final Kernel ROWS_OF_PACKED = new Kernel("linear_generic", "rows_of_packed");

    private static final int X_BYTES = TILE * WIDTH * 2; // of a stage
    private static final int DENSE_SHARED = 3 * 2 * X_BYTES;
    static final long SLAB_BYTES = 64 << 20;
    private static final int PLAIN_THREADS = 256; // of a block of the other kernels
    private static final int AT_A_TIME = 8; // numbers that a thread rounds

    private final Gpu gpu;

    LinearPrefill(Gpu gpu) {
        this.gpu = gpu;
    }

    /** Columns filled up to whole stages. */
    static int width(int columns) {
        return Math.ceilDiv(columns, WIDTH) * WIDTH;
    }

    /** Dynamic shared memory of a block that multiplies dense weights. */
    static int denseSharedBytes() {
        return DENSE_SHARED;
    }

    /** Bytes of the activations in bf16. */
    long roundedBytes(CudaWeight weight, int tokens) {
        return 2L * tokens * width(weight.columns());
    }

    /** Bytes of memory that {@link #multiply} writes rows to; 0 for weights that are multiplied where they lie. */
    long multiplySlabBytes(CudaWeight weight) {
        return isInPlace(weight) ? 0 : slabBytes(weight);
    }

    /** Bytes of memory that {@link #slabs} writes rows to. */
    long slabBytes(CudaWeight weight) {
        return weight instanceof Dense && isInPlace(weight) ? 0 : 2L * slabRows(weight) * width(weight.columns());
    }

    private static boolean isInPlace(CudaWeight weight) {
        return switch (weight) {
            case Dense dense -> dense.aligned() && dense.dtype() == DType.BF16;
            case Packed packed -> packed.regular() && packed.sameScalesForAllRows();
        };
    }

    /** Whole tiles, so that a tile of the vocabulary never lies in two slabs. */
    private static int slabRows(CudaWeight weight) {
        long fitting = SLAB_BYTES / 2 / width(weight.columns()) / TILE * TILE;
        return (int) Math.min(Math.max(fitting, TILE), weight.rows());
    }

    /**
     * @param x       (tokens, columns) fp32, rotated already; a buffer or a place in one
     * @param y       (tokens, rows) fp32
     * @param rounded {@link #roundedBytes} of memory
     * @param slab    {@link #multiplySlabBytes} of memory
     */
    void multiply(CudaWeight weight, Object x, int tokens, DeviceBuffer y, DevicePointer rounded, DevicePointer slab) {
        if (weight instanceof Packed packed && isInPlace(packed)) {
            round(x, packed.memory().at(packed.scalesAt()), packed.rowBlock() > 0, packed, tokens, true, rounded);
            packed(packed, rounded, tokens, y);
            return;
        }
        roundAscending(weight, x, tokens, rounded);
        slabs(
                weight,
                slab,
                (rows, width, first, count) -> gpu.launch(
                        PREFILL_DENSE,
                        grid(tokens, count, DENSE_SHARED),
                        rows,
                        width,
                        rounded,
                        tokens,
                        count,
                        width(weight.columns()) / WIDTH,
                        y,
                        weight.rows(),
                        first));
    }

    /** Rows of a matrix in bf16. */
    interface SlabConsumer {
        /**
         * @param rows  (count, width) bf16
         * @param first row of the matrix
         */
        void accept(Object rows, int width, int first, int count);
    }

    /**
     * All rows in bf16, slab by slab, or at once where they lie dense.
     *
     * @param slab {@link #slabBytes} of memory
     */
    void slabs(CudaWeight weight, DevicePointer slab, SlabConsumer consumer) {
        if (weight instanceof Dense dense && isInPlace(dense)) {
            consumer.accept(dense.numbers(), dense.columns(), 0, dense.rows());
            return;
        }
        int most = Math.max(slabRows(weight), 1);
        int width = width(weight.columns());
        for (int first = 0; first < weight.rows(); first += most) {
            int count = Math.min(most, weight.rows() - first);
            writeRows(weight, first, count, width, slab);
            consumer.accept(slab, width, first, count);
        }
    }

    /** x in bf16, columns ascending, without column scales: slabs hold them. */
    void roundAscending(CudaWeight weight, Object x, int tokens, DevicePointer rounded) {
        round(x, rounded, false, weight, tokens, false, rounded);
    }

    private void round(
            Object x,
            Object scale,
            boolean scaled,
            CudaWeight weight,
            int tokens,
            boolean fragments,
            DevicePointer rounded) {
        int width = width(weight.columns());
        gpu.launch(
                ROUND,
                Grid.covering((long) tokens * width / AT_A_TIME, PLAIN_THREADS),
                x,
                scale,
                scaled ? 1 : 0,
                tokens,
                weight.columns(),
                width,
                fragments ? 1 : 0,
                rounded);
    }

    private void packed(Packed weight, DevicePointer rounded, int tokens, DeviceBuffer y) {
        PlaneLayout planes = weight.planes();
        String table = weight.levels() > 0 ? "table_" : "";
        gpu.launch(
                new Kernel("linear_prefill", "prefill_" + table + planes.bits()),
                grid(tokens, weight.rows(), packedSharedBytes(planes)),
                weight.memory(),
                weight.two(),
                weight.one(),
                planes.units(),
                weight.memory().at(weight.auxiliaries()),
                weight.single() ? 1 : 0,
                weight.groups(),
                weight.groupMultiplier(),
                weight.memory().at(weight.levelsAt()),
                rounded,
                tokens,
                weight.rows(),
                y);
    }

    private static int packedSharedBytes(PlaneLayout planes) {
        int stages = 4;
        int bytesOfRow = 8 * planes.bits(); // 64 columns
        return stages * (X_BYTES + TILE * bytesOfRow);
    }

    private static Grid grid(int tokens, int rows, int sharedBytes) {
        return new Grid(Math.ceilDiv(tokens, TILE), Math.ceilDiv(rows, TILE), 1, THREADS, sharedBytes);
    }

    private void writeRows(CudaWeight weight, int first, int count, int width, DevicePointer to) {
        Grid grid = Grid.covering((long) count * width, PLAIN_THREADS);
        switch (weight) {
            case Dense dense ->
                gpu.launch(
                        ROWS_OF_DENSE, grid, dense.numbers(), dense.kind(), first, count, dense.columns(), width, to);
            case Packed packed ->
                gpu.launch(
                        ROWS_OF_PACKED,
                        grid,
                        packed.memory(),
                        packed.two(),
                        packed.one(),
                        packed.planes().units(),
                        packed.planes().bits(),
                        packed.memory().at(packed.auxiliaries()),
                        packed.single() ? 1 : 0,
                        packed.groups(),
                        packed.group(),
                        packed.memory().at(packed.levelsAt()),
                        packed.levels() > 0 ? 1 : 0,
                        packed.memory().at(packed.scalesAt()),
                        packed.rowBlock(),
                        first,
                        count,
                        packed.columns(),
                        width,
                        to);
        }
    }
}
