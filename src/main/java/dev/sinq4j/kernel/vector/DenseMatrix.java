package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.L;
import static dev.sinq4j.kernel.vector.Lanes.PANEL;
import static dev.sinq4j.kernel.vector.Lanes.SIDE_BY_SIDE;

import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.InputTransform;
import java.util.Arrays;

/**
 * A dense matrix where it lies, row-major. Decoding multiplies row by row; the pairs of 16-bit numbers that one 32-bit
 * lane holds meet activations split into even and odd columns.
 */
final class DenseMatrix implements VectorWeight {

    private final Tensor tensor;
    private final DType dtype;
    private final PanelMap map;
    private final int columns;
    private final int rowBytes;
    private final long address;

    DenseMatrix(Tensor tensor) {
        if (!tensor.dtype().isWeight())
            throw new IllegalArgumentException(
                    "tensor '" + tensor.name() + "': a weight is F32, F16 or BF16, not " + tensor.dtype());
        this.tensor = tensor;
        dtype = tensor.dtype();
        columns = tensor.columns();
        map = new PanelMap(tensor.rows(), Math.max(1, tensor.rows()));
        rowBytes = columns * dtype.bytes();
        address = tensor.data().address();
    }

    /** The matrix as stored. */
    Tensor tensor() {
        return tensor;
    }

    @Override
    public int rows() {
        return map.rows();
    }

    @Override
    public int columns() {
        return columns;
    }

    @Override
    public long bytes() {
        return tensor.data().byteSize();
    }

    @Override
    public int panels() {
        return map.panels();
    }

    @Override
    public int firstRow(int panel) {
        return map.firstRow(panel);
    }

    @Override
    public int rowsOf(int panel) {
        return map.rowsOf(panel);
    }

    @Override
    public InputTransform inputTransform() {
        return new InputTransform.None();
    }

    @Override
    public int inputLength() {
        return Math.ceilDiv(columns, 2 * L) * 2 * L;
    }

    @Override
    public int sumsLength() {
        return 0;
    }

    @Override
    public int decodeTokens() {
        return 4;
    }

    @Override
    public void prepareInput(float[] x, int at, DecodeInput input, int token) {
        int length = inputLength();
        int start = token * length;
        Arrays.fill(input.x, start, start + length, 0);
        switch (dtype) {
            case F32 -> System.arraycopy(x, at, input.x, start, columns);
            case BF16 -> split(x, at, 1, input.x, start, length / 2);
            default -> split(x, at, RowProduct.HALF_INPUT, input.x, start, length / 2);
        }
    }

    @Override
    public void decode(int panel, DecodeInput input, int tokens, Scratch scratch, float[] y) {
        int first = map.firstRow(panel);
        int length = inputLength();
        if (SIDE_BY_SIDE && dtype == DType.BF16 && map.rowsOf(panel) == PANEL && columns % (4 * L) == 0) {
            decodeFourRows(first, input.x, tokens, y);
            return;
        }
        for (int row = first; row < first + map.rowsOf(panel); row++) {
            long at = address + (long) row * rowBytes;
            for (int t = 0; t < tokens; t++) {
                int x = t * length;
                y[t * map.rows() + row] = switch (dtype) {
                    case F32 -> RowProduct.single(at, columns, input.x, x);
                    case BF16 -> RowProduct.brain(at, columns, input.x, x, x + length / 2);
                    default -> RowProduct.half(at, columns, input.x, x, x + length / 2);
                };
            }
        }
    }

    /** A whole panel of bf16, four rows at a time that lie a quarter of the panel apart. */
    private void decodeFourRows(int first, float[] x, int tokens, float[] y) {
        int half = inputLength() / 2;
        for (int row = first; row < first + PANEL / 4; row++)
            for (int t = 0; t < tokens; t++)
                RowProduct.fourBrains(
                        address + (long) row * rowBytes,
                        PANEL / 4,
                        columns,
                        x,
                        2 * t * half,
                        (2 * t + 1) * half,
                        y,
                        t * map.rows() + row);
    }

    @Override
    public int blockEnd(int from) {
        return Math.min(columns, from + Scratch.BLOCK);
    }

    @Override
    public void fill(int panel, int from, int to, Scratch scratch) {
        int rows = map.rowsOf(panel) / L * L;
        int step = L * 4 / dtype.bytes();
        int end = from + (to - from) / step * step;
        long first = address + (long) map.firstRow(panel) * rowBytes;
        for (int row = 0; row < rows; row += L)
            for (int column = from; column < end; column += step) {
                long at = first + (long) row * rowBytes + (long) column * dtype.bytes();
                WordBlock.transpose(
                        at, rowBytes, dtype, scratch.block, scratch.panel + 4L * ((column - from) * PANEL + row));
            }
        if (rows < PANEL) fillSlowly(panel, rows, from, to, from, scratch);
        if (rows > 0 && end < to) fillSlowly(panel, 0, end, to, from, scratch);
    }

    /** Rows {@code firstLane .. PANEL - 1} of columns {@code from .. to - 1} of a block that begins at {@code block}. */
    private void fillSlowly(int panel, int firstLane, int from, int to, int block, Scratch scratch) {
        int count = map.rowsOf(panel) - firstLane;
        int width = to - from;
        long at = address + (long) (map.firstRow(panel) + firstLane) * rowBytes + (long) from * dtype.bytes();
        for (int row = 0; row < count; row++) read(at + (long) row * rowBytes, width, scratch.rows, row * width);
        long out = scratch.panel + 4L * ((from - block) * PANEL + firstLane);
        int lanes = PANEL - firstLane;
        if (dtype == DType.F32) Transposition.panel(scratch.rows, 0, count, width, lanes, out);
        else Transposition.split(scratch.rows, 0, count, width, lanes, out);
    }

    private void read(long from, int count, float[] out, int at) {
        switch (dtype) {
            case F32 -> RowReader.single(from, count, out, at);
            case BF16 -> RowReader.brain(from, count, out, at);
            default -> RowReader.half(from, count, out, at);
        }
    }

    private void split(float[] x, int at, float factor, float[] out, int start, int half) {
        for (int i = 0; i < columns / 2; i++) {
            out[start + i] = x[at + 2 * i] * factor;
            out[start + half + i] = x[at + 2 * i + 1] * factor;
        }
        if (columns % 2 == 1) out[start + columns / 2] = x[at + columns - 1] * factor;
    }
}
