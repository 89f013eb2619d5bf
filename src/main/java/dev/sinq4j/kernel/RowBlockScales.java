package dev.sinq4j.kernel;

import dev.sinq4j.weight.ColumnScale;
import dev.sinq4j.weight.PackedWeight;

/**
 * Column scales widened to fp32.
 *
 * @param values   (row blocks, columns), row-major; empty for ones
 * @param rowBlock output rows that share one row of scales
 * @param columns  input channels
 */
public record RowBlockScales(float[] values, int rowBlock, int columns) {

    /** The column scales of a weight. */
    public static RowBlockScales of(PackedWeight weight) {
        int columns = weight.columns();
        return switch (weight.columnScale()) {
            case ColumnScale.None none -> new RowBlockScales(new float[0], Math.max(weight.rows(), 1), columns);
            case ColumnScale.Single single -> new RowBlockScales(single.values(), single.rowBlock(), columns);
            case ColumnScale.Half half -> new RowBlockScales(widened(half.bits()), half.rowBlock(), columns);
        };
    }

    /** Whether there is nothing to multiply by. */
    public boolean none() {
        return values.length == 0;
    }

    /** The activation of one channel as the rows of {@code row}'s block see it. */
    public float scaled(float x, int row, int column) {
        return none() ? x : x * values[row / rowBlock * columns + column];
    }

    private static float[] widened(short[] bits) {
        float[] values = new float[bits.length];
        for (int i = 0; i < values.length; i++) values[i] = Float.float16ToFloat(bits[i]);
        return values;
    }
}
