package dev.sinq4j.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.Auxiliary;
import dev.sinq4j.weight.ColumnScale;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.Grid;
import dev.sinq4j.weight.InputTransform;
import dev.sinq4j.weight.PackedWeight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The reference itself, against numbers worked out by hand. */
final class ScalarKernelsTest {

    private final Kernels kernels = Kernels.create(2, "scalar");

    @AfterEach
    void close() {
        kernels.close();
    }

    @Test
    void multipliesByADenseMatrix() {
        float[] y = new float[4];
        kernels.linear(dense(2, 3, 1, 2, 3, 4, 5, 6), new float[] {1, 0, -1, 1, 1, 1}, 2, y);
        assertArrayEquals(new float[] {-2, -2, 6, 15}, y);
    }

    @Test
    void multipliesByAPackedMatrixWithColumnScalesAndAShortLastGroup() {
        // row 0: groups (1, 2), (3); row 1: (0, 3), (1); scales 1, 2 and 0.5, 1; zeros 1, 0 and 2, 3; column scales 1,
        // 2, 4
        PackedWeight packed = new PackedWeight(
                2,
                3,
                2,
                new Grid.Uniform(2),
                new byte[] {1, 2, 3, 0, 3, 1},
                new Auxiliary.Single(new float[] {1, 2, 0.5f, 1}),
                new Auxiliary.Single(new float[] {1, 0, 2, 3}),
                new ColumnScale.Half(halves(1, 2, 4), 2),
                new InputTransform.None());
        float[] y = new float[2];
        kernels.linear(kernels.prepare(packed, Arena.global()), new float[] {1, 1, 1}, 1, y);
        assertArrayEquals(new float[] {0 + 2 + 24, -1 + 1 - 8}, y);
    }

    @Test
    void eachRowBlockHasItsOwnColumnScales() {
        PackedWeight packed = new PackedWeight(
                2,
                1,
                1,
                new Grid.Codebook(1, new float[] {-1, 0.5f}),
                new byte[] {0, 1},
                new Auxiliary.Constant(half(2)),
                new Auxiliary.Constant(half(0)),
                new ColumnScale.Half(halves(3, 5), 1),
                new InputTransform.None());
        float[] y = new float[2];
        kernels.linear(kernels.prepare(packed, Arena.global()), new float[] {1}, 1, y);
        assertArrayEquals(new float[] {-6, 5}, y);
    }

    @Test
    void theInputTransformComesFirst() {
        PackedWeight packed = new PackedWeight(
                1,
                2,
                2,
                new Grid.Uniform(4),
                new byte[] {1, 0},
                new Auxiliary.Constant(half(1)),
                new Auxiliary.Constant(half(0)),
                new ColumnScale.None(),
                new InputTransform.Hadamard(2, new byte[] {1, -1}));
        float[] y = new float[1];
        kernels.linear(kernels.prepare(packed, Arena.global()), new float[] {3, 1}, 1, y);
        assertEquals(2 * Math.sqrt(0.5), y[0], 1e-6);
    }

    @Test
    void attentionSeesItsWindowAndNothingLater() {
        AttentionShape shape = new AttentionShape(1, 1, 1, 1, 4, 2, 1);
        float[] keys = {5, 0, (float) Math.log(3), 9};
        float[] values = {100, 1, 2, 100};
        float[] out = new float[1];
        kernels.attention(shape, new float[] {1}, keys, values, 2, 1, out);
        assertEquals(1.75, out[0], 1e-6);
    }

    @Test
    void crossEntropyIsTheNegativeLogOfTheSoftmax() {
        double[] nll = new double[2];
        kernels.crossEntropy(dense(2, 1, 0, 1), new float[] {0, 1000}, 2, new int[] {0, 0}, nll);
        assertArrayEquals(new double[] {Math.log(2), 1000}, nll, 1e-9);
    }

    @Test
    void normalizesRotatesAndActivates() {
        float[] out = new float[2];
        kernels.rmsNorm(new float[] {3, 4}, 1, 2, new float[] {1, 2}, 0, out);
        assertArrayEquals(new float[] {(float) (3 / Math.sqrt(12.5)), (float) (8 / Math.sqrt(12.5))}, out, 1e-6f);

        float[] x = {1, 2, 3, 4, 7};
        kernels.rope(x, 1, 1, 5, 4, new float[] {0, 1}, new float[] {1, 0});
        assertArrayEquals(new float[] {-3, 2, 1, 4, 7}, x);

        float[] gate = {0, 2};
        kernels.swiGlu(gate, new float[] {5, 3}, 2);
        assertArrayEquals(new float[] {0, (float) (6 / (1 + Math.exp(-2)))}, gate, 1e-6f);

        float[] xielu = {2, -1};
        kernels.xielu(xielu, 2, 3, 2, 0.5f, -1e-6f);
        assertArrayEquals(new float[] {13, (float) (2 * (Math.expm1(-1) + 1) - 0.5)}, xielu, 1e-6f);
    }

    @Test
    void embedsRowsById() {
        float[] out = new float[4];
        kernels.embed(dense(3, 2, 1, 2, 3, 4, 5, 6), new int[] {2, 0}, 2, out);
        assertArrayEquals(new float[] {5, 6, 1, 2}, out);
    }

    @Test
    void refusesArraysThatAreTooShort() {
        var error = assertThrows(
                IllegalArgumentException.class,
                () -> kernels.linear(dense(2, 3, 1, 2, 3, 4, 5, 6), new float[5], 2, new float[4]));
        assertEquals("x: expected at least 2 x 3 numbers, found 5", error.getMessage());
    }

    @Test
    void namesTheKernelsThereAre() {
        var error = assertThrows(UsageFailure.class, () -> Kernels.create(1, "avx"));
        assertEquals(
                "sinq4j.kernels: expected scalar, vector, vector-128, vector-256, vector-512,"
                        + " vector-256-converting or vector-512-converting, found 'avx'",
                error.getMessage());
    }

    private LinearWeight dense(int rows, int columns, float... values) {
        MemorySegment data = Arena.global().allocate(4L * values.length);
        MemorySegment.copy(values, 0, data, ValueLayout.JAVA_FLOAT, 0, values.length);
        Tensor tensor = new Tensor("w", DType.F32, List.of((long) rows, (long) columns), data);
        return kernels.prepare(new DenseWeight(tensor), Arena.global());
    }

    private static short half(float value) {
        return Float.floatToFloat16(value);
    }

    private static short[] halves(float... values) {
        short[] bits = new short[values.length];
        for (int i = 0; i < values.length; i++) bits[i] = half(values[i]);
        return bits;
    }
}
