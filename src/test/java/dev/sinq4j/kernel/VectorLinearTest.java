package dev.sinq4j.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sinq4j.tensor.DType;
import dev.sinq4j.weight.Auxiliary;
import dev.sinq4j.weight.ColumnScale;
import dev.sinq4j.weight.Grid;
import dev.sinq4j.weight.InputTransform;
import dev.sinq4j.weight.PackedWeight;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every stored form on awkward sizes, held to the scalar reference under every vector width. */
final class VectorLinearTest {

    private static final float SENTINEL = 12345;
    private static final int[] TOKENS = {0, 1, 3, 17, 33};

    private final RandomWeights random = new RandomWeights(7);

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"vector-128", "vector-256", "vector-512"})
    void denseProductsEqualTheScalarReference(String name) {
        int[][] shapes = {{0, 8}, {1, 1}, {7, 0}, {8, 31}, {9, 32}, {33, 33}, {64, 64}, {207, 172}, {70, 4098}};
        for (DType dtype : List.of(DType.F32, DType.F16, DType.BF16))
            for (int[] shape : shapes)
                try (Arena arena = Arena.ofShared()) {
                    check(name, dtype.toString(), random.dense(dtype, shape[0], shape[1], arena), TOKENS);
                }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"vector-128", "vector-256", "vector-512"})
    void packedProductsEqualTheScalarReference(String name) {
        int[][] shapes = {
            {1, 1, 64},
            {7, 31, 32},
            {64, 64, 64},
            {33, 172, 172},
            {65, 207, 64},
            {130, 320, 64},
            {9, 640, 128},
            {8, 512, 7}
        };
        for (int bits = 1; bits <= 8; bits++)
            for (int[] shape : shapes)
                check(name, bits + " bits", random.packed(bits, shape[0], shape[1], shape[2]), TOKENS);
        check(name, "long rows", random.packed(4, 7, 4098, 64), 1, 9);
        check(name, "long group", random.packed(3, 7, 4098, 4098), 1, 9);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"vector-128", "vector-256", "vector-512", "vector-256-converting", "vector-512-converting"})
    void theRarerFormsEqualTheScalarReferenceToo(String name) {
        for (Weight weight : rareForms()) check(name, weight.toString(), weight, 1, 3, 9, 33);
    }

    /** The same, but for converting, on a processor that is slow with subnormal numbers. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"vector-256", "vector-512"})
    void convertedCodesReadSideBySideGiveTheBitsOfSubnormalOnesInARow(String name) {
        List<Weight> weights = new ArrayList<>(rareForms());
        for (int bits = 1; bits <= 8; bits++) {
            weights.add(random.packed(bits, 130, 324, 64));
            weights.add(random.packed(bits, 64, 4400, 128));
        }
        try (Arena arena = Arena.ofShared()) {
            for (int columns : new int[] {320, 324}) weights.add(random.dense(DType.BF16, 130, columns, arena));
            for (Weight weight : weights) {
                float[] x = random.normal(2 * weight.columns());
                float[] expected = product(name, 1, weight, x, 2);
                assertArrayEquals(expected, product(name + "-converting", 1, weight, x, 2), weight.toString());
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"vector-256", "vector"})
    void theNumberOfThreadsChangesNoBit(String name) {
        List<Weight> weights = new ArrayList<>(rareForms());
        for (int bits : new int[] {2, 3, 4, 5, 6, 8}) weights.add(random.packed(bits, 500, 320, 64));
        try (Arena arena = Arena.ofShared()) {
            for (DType dtype : List.of(DType.F32, DType.F16, DType.BF16))
                weights.add(random.dense(dtype, 500, 320, arena));
            for (Weight weight : weights)
                for (int tokens : new int[] {1, 3, 250}) {
                    float[] x = random.normal(tokens * weight.columns());
                    float[] one = product(name, 1, weight, x, tokens);
                    assertArrayEquals(one, product(name, 2, weight, x, tokens));
                    assertArrayEquals(one, product(name, 3, weight, x, tokens));
                }
        }
    }

    private List<Weight> rareForms() {
        PackedWeight plain = random.packed(4, 40, 96, 32);
        Auxiliary single = new Auxiliary.Single(random.normal(40 * 3));
        float[] levels = random.normal(16);
        return List.of(
                random.packed(new Grid.Uniform(4), 40, 96, 32, new ColumnScale.None()),
                random.packed(new Grid.Uniform(3), 40, 96, 32, random.columnScale(2, 96, 32)),
                random.packed(new Grid.Uniform(5), 200, 128, 64, random.columnScale(4, 128, 64)),
                random.packed(new Grid.Uniform(4), 130, 128, 100, random.columnScale(2, 128, 100)),
                random.packed(new Grid.Codebook(4, levels), 70, 207, 64, random.columnScale(1, 207, 70)),
                random.packed(new Grid.Codebook(3, Arrays.copyOf(levels, 8)), 70, 192, 64, new ColumnScale.None()),
                with(plain, single, single, new InputTransform.None()),
                with(plain, single, new Auxiliary.Constant(Float.floatToFloat16(7)), new InputTransform.None()),
                with(plain, plain.scale(), plain.zero(), hadamard(96, 48)));
    }

    private static PackedWeight with(PackedWeight plain, Auxiliary scale, Auxiliary zero, InputTransform transform) {
        return new PackedWeight(
                plain.rows(),
                plain.columns(),
                plain.group(),
                plain.grid(),
                plain.codes(),
                scale,
                zero,
                plain.columnScale(),
                transform);
    }

    private static InputTransform hadamard(int columns, int block) {
        byte[] signs = new byte[columns];
        for (int i = 0; i < columns; i++) signs[i] = (byte) (i % 3 == 0 ? -1 : 1);
        return new InputTransform.Hadamard(block, signs);
    }

    private void check(String name, String form, Weight weight, int... tokenCounts) {
        for (int tokens : tokenCounts) {
            float[] x = random.normal(tokens * weight.columns());
            float[] expected = product("scalar", 1, weight, x, tokens);
            float[] found = product(name, 2, weight, x, tokens);
            double largest = 1e-6;
            for (float value : expected) largest = Math.max(largest, Math.abs(value));
            double tolerance = largest * (2e-6 + 1e-7 * Math.sqrt(weight.columns()));
            for (int i = 0; i < expected.length; i++)
                assertEquals(
                        expected[i],
                        found[i],
                        tolerance,
                        form + " " + weight.rows() + " x " + weight.columns() + ", " + tokens + " tokens, number " + i);
        }
    }

    private static float[] product(String name, int threads, Weight weight, float[] x, int tokens) {
        int count = tokens * weight.rows();
        float[] y = new float[count + 16];
        Arrays.fill(y, SENTINEL);
        try (Kernels kernels = Kernels.create(threads, name);
                Arena arena = Arena.ofShared()) {
            kernels.linear(kernels.prepare(weight, arena), x, tokens, y);
        }
        for (int i = count; i < y.length; i++) assertEquals(SENTINEL, y[i], "written past the end");
        return Arrays.copyOf(y, count);
    }
}
