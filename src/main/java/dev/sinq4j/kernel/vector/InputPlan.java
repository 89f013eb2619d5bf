package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.F;
import static dev.sinq4j.kernel.vector.Lanes.HALVES;
import static dev.sinq4j.kernel.vector.Lanes.L;
import static dev.sinq4j.kernel.vector.Lanes.NEIGHBOURS;
import static dev.sinq4j.kernel.vector.Lanes.PAIRS;
import static dev.sinq4j.kernel.vector.Lanes.QUARTERS;

import dev.sinq4j.kernel.RowBlockScales;
import jdk.incubator.vector.FloatVector;

/**
 * Turns one token's activations into what the packed kernels read: for every field of every granule the activation of its
 * column, times the column scale, times the field's power of two. Multiplying by the column scale rounds once, the rest
 * is exact.
 */
final class InputPlan {

    private final PackedShape shape;
    private final int length;
    private final int[] column; // (length) of x; empty if entry i simply is column i
    private final float[] factor; // (length) power of two, times the column scale if one serves all rows; 0 for padding
    private final float[] blockScale; // (row blocks, length) column scales of 2D tiling; empty otherwise
    private final float[] back; // (length) leaves the unit of the power of two; 0 for all but a column's first field

    InputPlan(PackedShape shape, RowBlockScales columnScale) {
        this.shape = shape;
        int entries = shape.layout().entries();
        length = shape.totalGranules() * entries;
        int[] columns = new int[length];
        factor = new float[length];
        back = new float[length];
        boolean plain = entries == shape.layout().columns();
        for (int i = 0; i < length; i++) {
            CodeLayout.Field field = shape.layout().fields().get(i % entries);
            columns[i] = column(i / entries, field);
            boolean padding = columns[i] < 0;
            if (padding) columns[i] = 0;
            factor[i] = padding ? 0 : shape.layout().factor(field);
            back[i] = padding || field.codeShift() > 0
                    ? 0
                    : shape.layout().unit() / shape.layout().factor(field);
            plain &= columns[i] == i;
        }
        column = plain ? new int[0] : columns;
        int blocks = columnScale.none() || shape.columns() == 0 ? 0 : columnScale.values().length / shape.columns();
        if (blocks == 1)
            for (int i = 0; i < length; i++) factor[i] *= columnScale.values()[columns[i]];
        blockScale = new float[blocks > 1 ? blocks * length : 0];
        for (int i = 0; i < blockScale.length; i++)
            blockScale[i] = columnScale.values()[i / length * shape.columns() + columns[i % length]];
    }

    int length() {
        return length;
    }

    /** Whether each row block has column scales of its own. */
    boolean perBlock() {
        return blockScale.length > 0;
    }

    /** Bytes of the tables. */
    long bytes() {
        return 4L * (column.length + factor.length + blockScale.length + back.length);
    }

    /** Everything but the column scales of 2D tiling. */
    void prepare(float[] x, int at, float[] out, int outAt) {
        if (column.length == 0) for (int i = 0; i < length; i++) out[outAt + i] = x[at + i] * factor[i];
        else for (int i = 0; i < length; i++) out[outAt + i] = x[at + column[i]] * factor[i];
    }

    /** The column scales of a row block, 2D tiling only. */
    void scale(int block, float[] x, int at, float[] out) {
        for (int i = 0; i < length; i++) out[i] = x[at + i] * blockScale[block * length + i];
    }

    /** The sum of each group's scaled activations, in units of {@link CodeLayout#unit}. */
    void sum(float[] x, int at, float[] sums, int sumsAt) {
        int entries = shape.layout().entries();
        for (int g = 0; g < shape.groups(); g++) {
            int from = shape.granulesBefore(g) * entries;
            int to = g == shape.groups() - 1 ? length : from + shape.granules() * entries;
            sums[sumsAt + g] = dot(x, at, back, from, to);
        }
    }

    private static float dot(float[] x, int at, float[] weights, int from, int to) {
        FloatVector lanes = FloatVector.zero(F);
        int i = from;
        for (; i <= to - L; i += L)
            lanes = FloatVector.fromArray(F, x, at + i).fma(FloatVector.fromArray(F, weights, i), lanes);
        if (L > 8) lanes = lanes.add(lanes.rearrange(HALVES));
        if (L > 4) lanes = lanes.add(lanes.rearrange(QUARTERS));
        lanes = lanes.add(lanes.rearrange(PAIRS));
        float sum = lanes.add(lanes.rearrange(NEIGHBOURS)).lane(0);
        for (; i < to; i++) sum += x[at + i] * weights[i];
        return sum;
    }

    private int column(int granule, CodeLayout.Field field) {
        int g = Math.min(granule / shape.granules(), shape.groups() - 1);
        int column = g * shape.group()
                + (granule - shape.granulesBefore(g)) * shape.layout().columns()
                + field.column();
        return column < shape.groupEnd(g) ? column : -1;
    }
}
