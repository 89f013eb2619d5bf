package dev.sinq4j.quant;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.kernel.TileKernels;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Reads parts of a weight as the reference sees them: rounded to fp16, whatever they were stored as, unless it works in
 * fp32. Reads straight from the tensor's memory, so that a weight never lies in memory twice.
 *
 * @param roundToHalf whether numbers are rounded to fp16
 */
record WeightSource(Tensor tensor, boolean roundToHalf, TileKernels kernels) {

    private static final int ROWS_AT_ONCE = 64;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    WeightSource {
        if (!tensor.dtype().isWeight())
            throw new UnavailableFailure("tensor '" + tensor.name()
                    + "': expected F32, F16 or BF16 numbers to quantize," + " found " + tensor.dtype());
        if (tensor.shape().size() != 2 || tensor.elements() == 0)
            throw new UnavailableFailure(
                    "tensor '" + tensor.name() + "': expected a matrix to quantize, found shape " + tensor.shape());
    }

    int rows() {
        return tensor.rows();
    }

    int columns() {
        return tensor.columns();
    }

    /**
     * Copies a tile.
     *
     * @throws UnavailableFailure naming the first number that is not finite, or beyond fp16 where that is what the method
     *     works in
     */
    Tile tile(TileGrid.Place place) {
        float[] values = new float[place.rows() * place.columns()];
        switch (tensor.dtype()) {
            case BF16, F16 -> readShorts(place, values);
            default -> readFloats(place, values);
        }
        if (!kernels.allFinite(values, values.length)) throw notFinite(place, values);
        return new Tile(place.rows(), place.columns(), values);
    }

    private void readFloats(TileGrid.Place place, float[] values) {
        for (int i = 0; i < place.rows(); i++)
            tensor.read(first(place, i), place.columns(), values, i * place.columns());
        if (roundToHalf) roundToHalf(values, 0, values.length);
    }

    /** Copies some rows of 16-bit numbers as they are stored, then widens them in one loop, and so on. */
    private void readShorts(TileGrid.Place place, float[] values) {
        int columns = place.columns();
        short[] bits = new short[Math.min(place.rows(), ROWS_AT_ONCE) * columns];
        for (int row = 0; row < place.rows(); row += ROWS_AT_ONCE) {
            int rows = Math.min(ROWS_AT_ONCE, place.rows() - row);
            for (int i = 0; i < rows; i++)
                MemorySegment.copy(tensor.data(), SHORT, first(place, row + i) * 2, bits, i * columns, columns);
            if (tensor.dtype() == DType.F16) {
                widenHalf(bits, rows * columns, values, row * columns);
            } else {
                kernels.widenBFloat16(bits, rows * columns, values, row * columns);
                if (roundToHalf) roundToHalf(values, row * columns, rows * columns);
            }
        }
    }

    private long first(TileGrid.Place place, int row) {
        return (long) (place.firstRow() + row) * columns() + place.firstColumn();
    }

    private static void widenHalf(short[] bits, int count, float[] values, int offset) {
        for (int i = 0; i < count; i++) values[offset + i] = Float.float16ToFloat(bits[i]);
    }

    private static void roundToHalf(float[] values, int offset, int count) {
        for (int i = offset; i < offset + count; i++) values[i] = Float.float16ToFloat(Float.floatToFloat16(values[i]));
    }

    /** Copies {@code count} whole rows, like {@link #tile}. */
    Tile rows(int first, int count) {
        return tile(new TileGrid.Place(0, 0, first, 0, count, columns()));
    }

    private UnavailableFailure notFinite(TileGrid.Place place, float[] values) {
        int e = 0;
        while (Float.isFinite(values[e])) e++;
        int row = place.firstRow() + e / place.columns();
        int column = place.firstColumn() + e % place.columns();
        float[] stored = new float[1];
        tensor.read((long) row * columns() + column, 1, stored, 0);
        String found = "tensor '" + tensor.name() + "', row " + row + ", column " + column + ": " + stored[0];
        if (Float.isFinite(stored[0]))
            return new UnavailableFailure(
                    found + " is beyond fp16 (65504), in which this method works; write aux: fp32 to work in fp32");
        return new UnavailableFailure(found + " cannot be quantized; the weight is damaged");
    }
}
