package dev.sinq4j.kernel;

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
    private final RowBlockScales columnScale;

    ScalarPacked(PackedWeight packed) {
        this.packed = packed;
        levels = levels(packed.grid());
        scale = packed.scale().values();
        zero = packed.zero().values();
        columnScale = RowBlockScales.of(packed);
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
        return packed.codes().length + 4L * (scale.length + zero.length + columnScale.values().length);
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
                float x = columnScale.scaled(input[token * columns + j], row, j);
                products += (double) levels[packed.codes()[row * columns + j] & 0xFF] * x;
                sum += x;
            }
            double z = zero[zero.length == 1 ? 0 : row * groups + t];
            result += scale[scale.length == 1 ? 0 : row * groups + t] * (products - z * sum);
        }
        return (float) result;
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
}
