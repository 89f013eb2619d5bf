package dev.sinq4j.cuda;

import dev.sinq4j.cuda.CudaWeight.Dense;
import dev.sinq4j.cuda.CudaWeight.Packed;
import dev.sinq4j.cuda.DecodeShape.Step;

/**
 * {@code y = x W^T} for up to {@link DecodeShape#MOST_TOKENS} tokens, fp32 on exact codes: {@code linear_decode.cu}, and
 * {@code linear_generic.cu} for forms that it does not take.
 */
final class LinearDecode {

    private static final Kernel SUM_PARTS = new Kernel("linear_decode", "sum_parts");
    private static final Kernel GENERIC_PACKED = new Kernel("linear_generic", "generic_packed");
    private static final Kernel GENERIC_DENSE = new Kernel("linear_generic", "generic_dense");
    private static final int THREADS = 256;
    private static final int WARPS = THREADS / 32;
    private static final int DENSE_COLUMNS = 8; // of a step

    private final Gpu gpu;

    LinearDecode(Gpu gpu) {
        this.gpu = gpu;
    }

    /** Bytes that {@link #multiply} needs for parts of sums. */
    long partBytes(CudaWeight weight, int tokens) {
        if (!isFast(weight)) return 0;
        int parts = shape(weight, tokens).parts();
        return parts == 1 ? 0 : (long) parts * tokens * weight.rows() * Float.BYTES;
    }

    /**
     * @param x     (tokens, columns) fp32, rotated already; a buffer or a place in one
     * @param y     (tokens, rows) fp32
     * @param parts {@link #partBytes} of memory
     */
    void multiply(CudaWeight weight, Object x, int tokens, DeviceBuffer y, DevicePointer parts) {
        if (!isFast(weight)) {
            plainly(weight, x, tokens, y);
            return;
        }
        DecodeShape shape = shape(weight, tokens);
        Object to = shape.parts() == 1 ? y : parts;
        switch (weight) {
            case Dense dense -> dense(dense, shape, x, tokens, to);
            case Packed packed -> packed(packed, shape, x, tokens, to);
        }
        if (shape.parts() > 1) {
            int numbers = tokens * weight.rows();
            gpu.launch(SUM_PARTS, Grid.covering(numbers, THREADS), parts, shape.parts(), numbers, y);
        }
    }

    private static boolean isFast(CudaWeight weight) {
        return switch (weight) {
            case Dense dense -> dense.aligned();
            case Packed packed -> packed.regular();
        };
    }

    private DecodeShape shape(CudaWeight weight, int tokens) {
        int rows = weight.rows();
        int rowBlock = weight instanceof Packed packed && !packed.sameScalesForAllRows()
                ? packed.rowBlock()
                : Math.max(rows, 1);
        Step step = step(weight);
        return DecodeShape.of(step, steps(weight), rows, tokens, rowBlock, gpu.multiprocessors());
    }

    private static int unitsOfStep(Packed packed) {
        return packed.planes().bits() <= 3 ? 2 : 1;
    }

    private static Step step(CudaWeight weight) {
        return switch (weight) {
            case Dense dense -> new Step(DENSE_COLUMNS, 0);
            case Packed packed -> new Step(unitsOfStep(packed) * PlaneLayout.UNIT, unitsOfStep(packed));
        };
    }

    private static int steps(CudaWeight weight) {
        return switch (weight) {
            case Dense dense -> dense.columns() / DENSE_COLUMNS;
            case Packed packed -> packed.planes().units() / unitsOfStep(packed);
        };
    }

    private void packed(Packed weight, DecodeShape shape, Object x, int tokens, Object y) {
        String table = weight.levels() > 0 ? "table_" : "";
        Kernel kernel =
                new Kernel("linear_decode", "decode_" + table + weight.planes().bits() + "_" + shape.tokens());
        gpu.launch(
                kernel,
                shape.grid(step(weight), weight.rows(), tokens),
                weight.memory(),
                weight.two(),
                weight.one(),
                weight.planes().units(),
                weight.memory().at(weight.auxiliaries()),
                weight.single() ? 1 : 0,
                weight.groups(),
                weight.groupMultiplier(),
                weight.memory().at(weight.levelsAt()),
                x,
                weight.memory().at(weight.scalesAt()),
                weight.rowBlock(),
                tokens,
                weight.rows(),
                weight.columns(),
                shape.chunk(),
                shape.rowsPerBlock(),
                shape.team(),
                y);
    }

    private void dense(Dense weight, DecodeShape shape, Object x, int tokens, Object y) {
        gpu.launch(
                new Kernel("linear_decode", "decode_dense_" + weight.kind() + "_" + shape.tokens()),
                shape.grid(step(weight), weight.rows(), tokens),
                weight.numbers(),
                x,
                tokens,
                weight.rows(),
                weight.columns(),
                shape.chunk(),
                shape.rowsPerBlock(),
                shape.team(),
                y);
    }

    private void plainly(CudaWeight weight, Object x, int tokens, DeviceBuffer y) {
        Grid grid = new Grid(Math.ceilDiv(weight.rows(), WARPS), tokens, 1, THREADS, 0);
        switch (weight) {
            case Dense dense ->
                gpu.launch(GENERIC_DENSE, grid, dense.numbers(), dense.kind(), x, dense.rows(), dense.columns(), y);
            case Packed packed ->
                gpu.launch(
                        GENERIC_PACKED,
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
                        x,
                        packed.rows(),
                        packed.columns(),
                        y);
        }
    }
}
