package dev.sinq4j.cuda;

import dev.sinq4j.kernel.Kernels;
import dev.sinq4j.tensor.BFloat16;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.Grid;
import dev.sinq4j.weight.InputTransform;
import dev.sinq4j.weight.PackedWeight;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/** What a product has to be by the scalar reference, and how far off the device may be. */
final class ExpectedProducts {

    private static final double BF16_STEP = 1.0 / 256; // relative distance of neighbours

    private final Weight weight;
    private final float[] x;
    private final int tokens;
    private final double[] plain; // (rows, columns), without column scales
    private final double[]
            magnitude; // (rows, columns): rounding errors grow with it, as level and zero are multiplied on their own
    private final float[] columnScale; // (rows, columns)

    ExpectedProducts(Weight weight, float[] x, int tokens) {
        this.weight = weight;
        this.x = x;
        this.tokens = tokens;
        int count = weight.rows() * weight.columns();
        plain = new double[count];
        magnitude = new double[count];
        columnScale = new float[count];
        Arrays.fill(columnScale, 1);
        switch (weight) {
            case DenseWeight dense -> fill(dense);
            case PackedWeight packed -> fill(packed);
        }
    }

    private void fill(DenseWeight dense) {
        float[] numbers = dense.tensor().floats();
        for (int i = 0; i < numbers.length; i++) {
            plain[i] = numbers[i];
            magnitude[i] = Math.abs(numbers[i]);
        }
    }

    private void fill(PackedWeight packed) {
        float[] scales = packed.scale().values();
        float[] zeros = packed.zero().values();
        int columns = packed.columns();
        for (int row = 0, at = 0; row < packed.rows(); row++) {
            float[] ofRow = packed.columnScale().ofRow(row, columns);
            for (int column = 0; column < columns; column++, at++) {
                int group = row * packed.groups() + column / packed.group();
                double scale = scales[scales.length == 1 ? 0 : group];
                double zero = zeros[zeros.length == 1 ? 0 : group];
                int code = packed.codes()[at] & 0xFF;
                double level = packed.grid() instanceof Grid.Codebook codebook ? codebook.levels()[code] : code;
                plain[at] = (level - zero) * scale;
                magnitude[at] = (Math.abs(level) + Math.abs(zero)) * Math.abs(scale);
                columnScale[at] = ofRow[column];
            }
        }
    }

    /** (tokens, rows) of the weight as it is. */
    float[] exact() {
        return product(weight, x);
    }

    /**
     * (tokens, rows) of the weight and the input rounded to bf16.
     *
     * @param scaledInput whether column scales multiply the input, not the weight, before the rounding
     */
    float[] rounded(boolean scaledInput) {
        float[] input = transformed();
        for (int t = 0; t < tokens; t++)
            for (int j = 0; j < weight.columns(); j++) {
                int at = t * weight.columns() + j;
                input[at] = bf16(scaledInput ? input[at] * columnScale[j] : input[at]);
            }
        float[] matrix = new float[weight.rows() * weight.columns()];
        for (int i = 0; i < weight.rows(); i++)
            for (int j = 0; j < weight.columns(); j++)
                matrix[i * weight.columns() + j] = bf16((float) (plain[i * weight.columns() + j]
                        * (scaledInput ? 1.0 : columnScale[i * weight.columns() + j])));
        try (Arena arena = Arena.ofConfined()) {
            return product(dense(matrix, arena), input);
        }
    }

    private DenseWeight dense(float[] matrix, Arena arena) {
        MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_FLOAT, matrix);
        return new DenseWeight(
                new Tensor("rounded", DType.F32, List.of((long) weight.rows(), (long) weight.columns()), data));
    }

    /** How far fp32 sums in another order may lie from the exact ones: for each number, by what is added up. */
    double[] orderTolerance() {
        float[] input = transformed();
        double[] tolerance = new double[tokens * weight.rows()];
        for (int t = 0; t < tokens; t++)
            for (int i = 0; i < weight.rows(); i++) {
                double sum = 0;
                for (int j = 0; j < weight.columns(); j++)
                    sum += magnitude[i * weight.columns() + j]
                            * Math.abs(input[t * weight.columns() + j] * columnScale[i * weight.columns() + j]);
                tolerance[t * weight.rows() + i] = 1e-6 * sum + 1e-30;
            }
        return tolerance;
    }

    /** As {@link #orderTolerance}, and as if the largest product of each number had been rounded the other way. */
    double[] roundedTolerance() {
        float[] input = transformed();
        double[] tolerance = orderTolerance();
        for (int t = 0; t < tokens; t++)
            for (int i = 0; i < weight.rows(); i++) {
                double largest = 0;
                for (int j = 0; j < weight.columns(); j++)
                    largest = Math.max(
                            largest,
                            Math.abs(plain[i * weight.columns() + j]
                                    * input[t * weight.columns() + j]
                                    * columnScale[i * weight.columns() + j]));
                tolerance[t * weight.rows() + i] += 1.01 * BF16_STEP * largest;
            }
        return tolerance;
    }

    private float[] transformed() {
        float[] input = x.clone();
        if (weight instanceof PackedWeight packed
                && packed.inputTransform() instanceof InputTransform.Hadamard rotation)
            rotation.apply(input, 0, input.length);
        return input;
    }

    private static float bf16(float value) {
        return BFloat16.toFloat(BFloat16.fromFloat(value));
    }

    private float[] product(Weight matrix, float[] input) {
        float[] y = new float[tokens * matrix.rows()];
        try (Kernels kernels = Kernels.create(1, "scalar");
                Arena arena = Arena.ofConfined()) {
            kernels.linear(kernels.prepare(matrix, arena), input, tokens, y);
        }
        return y;
    }
}
