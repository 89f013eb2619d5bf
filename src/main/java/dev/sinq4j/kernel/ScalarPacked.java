package dev.sinq4j.kernel;

import dev.sinq4j.weight.ColumnScale;
import dev.sinq4j.weight.Grid;
import dev.sinq4j.weight.PackedWeight;

/**
 * A packed matrix, one code a byte.
 *
 * <pre>
 *   y(i) = sum over groups t of scale(i, t) * (sum level(code(i, j)) x'(j) - zero(i, t) * sum x'(j))
 *   x'(j) = columnScale(i / rowBlock, j) * T(x)(j), rounded to fp32
 * </pre>
 */
final class ScalarPacked implements ScalarWeight {

    private final PackedWeight packed;
    private final float[] levels; // (2^bits)
    private final float[] scale; // (rows, groups), or one
    private final float[] zero; // (rows, groups), or one
    private final float[] columnScale; // (row blocks, columns); empty for ones
    private final int rowBlock;

    ScalarPacked(PackedWeight packed) {
        this.packed = packed;
        levels = levels(packed.grid());
        scale = packed.scale().values();
        zero = packed.zero().values();
        columnScale = columnScale(packed.columnScale());
        rowBlock = packed.columnScale() instanceof ColumnScale.Half half ? half.rowBlock() : Math.max(packed.rows(), 1);
    }

    @Override
    public int rows() {
        return packed.rows();
    }

    @Override
    public int columns() {
        return packed.columns();
    }

    @Override
    public long bytes() {
        return packed.codes().length + 4L * (scale.length + zero.length + columnScale.length);
    }

    @Override
    public float[] transform(float[] x, int tokens) {
        return InputTransforms.apply(packed.inputTransform(), x, tokens, columns());
    }

    @Override
    public float dot(int row, float[] input, int token) {
        int columns = columns();
        int groups = packed.groups();
        double result = 0;
        for (int t = 0; t < groups; t++) {
            double products = 0;
            double sum = 0;
            int end = Math.min((t + 1) * packed.group(), columns);
            for (int j = t * packed.group(); j < end; j++) {
                float x = scaled(input[token * columns + j], row, j);
                products += (double) levels[packed.codes()[row * columns + j] & 0xFF] * x;
                sum += x;
            }
            double z = zero[zero.length == 1 ? 0 : row * groups + t];
            result += scale[scale.length == 1 ? 0 : row * groups + t] * (products - z * sum);
        }
        return (float) result;
    }

    private float scaled(float x, int row, int column) {
        return columnScale.length == 0 ? x : x * columnScale[row / rowBlock * columns() + column];
    }

    private static float[] levels(Grid grid) {
        return switch (grid) {
            case Grid.Codebook codebook -> codebook.levels();
            case Grid.Uniform uniform -> {
                float[] levels = new float[1 << uniform.bits()];
                for (int code = 0; code < levels.length; code++) levels[code] = code;
                yield levels;
            }
        };
    }

    private static float[] columnScale(ColumnScale columnScale) {
        return switch (columnScale) {
            case ColumnScale.None none -> new float[0];
            case ColumnScale.Half half -> {
                float[] values = new float[half.bits().length];
                for (int i = 0; i < values.length; i++) values[i] = Float.float16ToFloat(half.bits()[i]);
                yield values;
            }
        };
    }
}
