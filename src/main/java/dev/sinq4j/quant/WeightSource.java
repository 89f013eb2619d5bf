package dev.sinq4j.quant;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.tensor.Tensor;

/**
 * Reads parts of a weight as the reference sees them: rounded to fp16, whatever they were stored as, unless it works in
 * fp32. Reads straight from the tensor's memory, so that a weight never lies in memory twice.
 *
 * @param roundToHalf whether numbers are rounded to fp16
 */
record WeightSource(Tensor tensor, boolean roundToHalf) {

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
        for (int i = 0; i < place.rows(); i++) {
            long first = (long) (place.firstRow() + i) * columns() + place.firstColumn();
            tensor.read(first, place.columns(), values, i * place.columns());
        }
        if (roundToHalf) roundToHalf(values);
        if (!allFinite(values)) throw notFinite(place, values);
        return new Tile(place.rows(), place.columns(), values);
    }

    /** Copies {@code count} whole rows, like {@link #tile}. */
    Tile rows(int first, int count) {
        return tile(new TileGrid.Place(0, 0, first, 0, count, columns()));
    }

    private static void roundToHalf(float[] values) {
        for (int i = 0; i < values.length; i++) values[i] = Float.float16ToFloat(Float.floatToFloat16(values[i]));
    }

    private static boolean allFinite(float[] values) {
        int largest = 0;
        // the magnitudes' bits are ordered as the magnitudes, infinity and NaN last
        for (float value : values) largest = Math.max(largest, Float.floatToRawIntBits(value) & Integer.MAX_VALUE);
        return largest < 0x7F80_0000;
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
