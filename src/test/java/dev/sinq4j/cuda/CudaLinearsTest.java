package dev.sinq4j.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.kernel.Kernels;
import dev.sinq4j.kernel.RandomWeights;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.weight.Auxiliary;
import dev.sinq4j.weight.ColumnScale;
import dev.sinq4j.weight.Grid;
import dev.sinq4j.weight.InputTransform;
import dev.sinq4j.weight.PackedWeight;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every stored form on awkward sizes, emulated on the CPU and held to the scalar reference. */
final class CudaLinearsTest {

    private static final int[] FEW = {1, 2, 7, 8};

    private final RandomWeights random = new RandomWeights(11);
    private final Arena arena = Arena.ofShared();
    private final EmulatedGpu gpu = new EmulatedGpu();
    private final CudaLinears linears = new CudaLinears(gpu);

    @AfterEach
    void nothingWroteBesideItsMemory() {
        linears.close();
        gpu.close();
        arena.close();
    }

    @ParameterizedTest(name = "{0} bits")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void fewTokensTimesCodesOfEveryWidth(int bits) {
        int[][] shapes = {
            {1, 1, 64},
            {3, 31, 32},
            {17, 32, 32},
            {3, 64, 64},
            {17, 96, 32},
            {3, 172, 172},
            {130, 576, 64},
            {17, 512, 128}
        };
        for (int[] shape : shapes) few(random.packed(bits, shape[0], shape[1], shape[2]), 1, 2, 7);
        few(random.packed(bits, 5, 96, 16), FEW); // groups of half a unit
        few(random.packed(bits, 5, 207, 100), 1, 3); // groups that end in a unit
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(
            value = DType.class,
            names = {"F32", "F16", "BF16"})
    void fewTokensTimesDenseNumbers(DType dtype) {
        int[][] shapes = {{1, 1}, {3, 31}, {17, 32}, {130, 64}, {17, 96}, {3, 172}, {130, 576}};
        for (int[] shape : shapes) few(random.dense(dtype, shape[0], shape[1], arena), FEW);
    }

    @Test
    void fewTokensTimesTheRarerForms() {
        for (PackedWeight weight : rareForms()) few(weight, 1, 3, 8);
    }

    @Test
    void rowsTooLongForOneBlockAreAddedUpFromParts() {
        few(random.packed(4, 5, 8320, 64), 1, 5);
        few(random.packed(2, 3, 23000, 128), 1, 2);
        few(random.dense(DType.BF16, 3, 24008, arena), 1, 2);
    }

    @ParameterizedTest(name = "{0} bits")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void manyTokensTimesCodesOfEveryWidth(int bits) {
        many(random.packed(bits, 3, 31, 32), 9);
        many(random.packed(bits, 130, 96, 32), 33);
        many(random.packed(bits, 17, 576, 64), 130);
        many(random.packed(bits, 17, 172, 172), 9);
        many(random.packed(bits, 5, 96, 16), 9);
        many(random.packed(bits, 5, 207, 100), 9);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(
            value = DType.class,
            names = {"F32", "F16", "BF16"})
    void manyTokensTimesDenseNumbers(DType dtype) {
        many(random.dense(dtype, 1, 1, arena), 9);
        many(random.dense(dtype, 3, 31, arena), 33);
        many(random.dense(dtype, 130, 64, arena), 130);
        many(random.dense(dtype, 17, 172, arena), 9);
        many(random.dense(dtype, 131, 576, arena), 9);
    }

    @Test
    void manyTokensTimesTheRarerForms() {
        for (PackedWeight weight : rareForms()) many(weight, 9);
    }

    @ParameterizedTest(name = "blocks of {0} in {1} columns")
    @CsvSource({
        "1, 3",
        "2, 6",
        "32, 64",
        "64, 64",
        "12, 24",
        "24, 72",
        "20, 40",
        "28, 28",
        "36, 72",
        "140, 140",
        "24576, 24576"
    })
    void aRotatedInputHasTheSameBitsAsOnTheCpu(int block, int columns) {
        byte[] signs = signs(columns);
        Weight identity = rotated(random.packed(4, 1, columns, columns), block);
        float[] x = random.normal(2 * columns);
        float[] expected = x.clone();
        new InputTransform.Hadamard(block, signs).apply(expected, 0, expected.length);
        try (CudaWeight weight = linears.prepare(identity);
                DeviceBuffer in = DeviceArrays.of(gpu, x);
                DeviceBuffer out = DeviceArrays.poisoned(gpu, 8L * columns)) {
            linears.rotate(weight, in, 2, out.at(0));
            assertArrayEquals(expected, DeviceArrays.floats(gpu, out));
        }
    }

    @Test
    void theNumberOfMultiprocessorsChangesNoBit() {
        for (int bits : new int[] {2, 4, 8}) {
            PackedWeight weight = random.packed(bits, 500, 320, 64);
            for (int tokens : new int[] {1, 3}) {
                float[] x = random.normal(tokens * 320);
                float[] four = product(linears, weight, x, tokens);
                for (int multiprocessors : new int[] {1, 132})
                    try (CudaLinears other = new CudaLinears(withMultiprocessors(multiprocessors))) {
                        assertArrayEquals(four, product(other, weight, x, tokens));
                    }
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(
            value = DType.class,
            names = {"F32", "F16", "BF16"})
    void rowsOfATableAreWidened(DType dtype) {
        for (int columns : new int[] {1, 31, 300}) {
            Weight table = random.dense(dtype, 20, columns, arena);
            int[] ids = random.ids(7, 20);
            float[] expected = new float[7 * columns];
            try (Kernels kernels = Kernels.create(1, "scalar")) {
                kernels.embed(kernels.prepare(table, arena), ids, 7, expected);
            }
            try (CudaWeight weight = linears.prepare(table);
                    DeviceBuffer in = DeviceArrays.of(gpu, ids);
                    DeviceBuffer out = DeviceArrays.poisoned(gpu, 4L * expected.length)) {
                linears.embed(weight, in, 7, out);
                assertArrayEquals(expected, DeviceArrays.floats(gpu, out));
            }
        }
    }

    @Test
    void aPackedTableIsRefused() {
        try (CudaWeight weight = linears.prepare(random.packed(4, 4, 64, 64));
                DeviceBuffer ids = DeviceArrays.of(gpu, new int[1]);
                DeviceBuffer out = DeviceArrays.poisoned(gpu, 256)) {
            var error = assertThrows(IllegalArgumentException.class, () -> linears.embed(weight, ids, 1, out));
            assertEquals("an embedding table is dense", error.getMessage());
        }
    }

    @Test
    void lossesEqualTheScalarReference() {
        losses(random.dense(DType.BF16, 300, 64, arena), 130);
        losses(random.dense(DType.BF16, 131, 172, arena), 3);
        losses(random.dense(DType.F32, 1, 31, arena), 1);
        losses(random.dense(DType.F16, 257, 96, arena), 9);
        losses(random.packed(4, 130, 96, 32), 5);
        losses(rotated(random.packed(8, 130, 96, 32), 48), 5);
    }

    @Test
    void lossesOfLargeLogitsStayFinite() {
        Weight head = random.dense(DType.BF16, 200, 64, arena);
        float[] hidden = random.normal(3 * 64);
        for (int i = 0; i < hidden.length; i++) hidden[i] *= 2000;
        double[] nll = losses(head, hidden, new int[] {0, 100, 199});
        for (double loss : nll) assertTrue(loss >= 0 && loss < 1e5, "nll " + loss);
    }

    @Test
    void theBytesOfAWeightAreThoseItsMemoryTakes() {
        try (CudaWeight weight = linears.prepare(random.packed(3, 130, 576, 64))) {
            // 3 bits of 576 columns are 216 bytes, 9 pairs of fp16 36 bytes a row; planes and pairs start at multiples
            // of 256
            assertEquals(gpu.memory().current(Purpose.WEIGHTS), weight.bytes());
            assertTrue(weight.bytes() >= 130 * (216 + 36) + 576 * 4, weight.bytes() + " bytes");
            assertTrue(weight.bytes() <= 130 * (216 + 36) + 576 * 4 + 4 * 256, weight.bytes() + " bytes");
        }
        assertEquals(0, gpu.memory().current(Purpose.WEIGHTS));
    }

    @Test
    void fewTokensTakeNoNewMemoryOnceTheWeightIsPrepared() {
        PackedWeight weight = rotated(random.packed(4, 5, 8320, 64), 64);
        float[] x = random.normal(8320);
        try (CudaWeight prepared = linears.prepare(weight);
                DeviceBuffer in = DeviceArrays.of(gpu, x);
                DeviceBuffer out = DeviceArrays.poisoned(gpu, 20)) {
            long before = gpu.memory().current();
            gpu.memory().forgetPeak();
            linears.linear(prepared, in, 1, out);
            assertEquals(before, gpu.memory().peak());
        }
    }

    private List<PackedWeight> rareForms() {
        PackedWeight plain = random.packed(4, 40, 96, 32);
        Auxiliary single = new Auxiliary.Single(random.normal(40 * 3));
        Auxiliary constant = new Auxiliary.Constant(Float.floatToFloat16(7));
        float[] levels = random.normal(256);
        List<PackedWeight> forms = new ArrayList<>(List.of(
                random.packed(new Grid.Uniform(4), 40, 96, 32, new ColumnScale.None()),
                random.packed(new Grid.Uniform(3), 40, 96, 32, random.columnScale(2, 96, 32)),
                random.packed(new Grid.Uniform(5), 200, 128, 64, random.columnScale(4, 128, 64)),
                random.packed(new Grid.Uniform(4), 130, 128, 100, random.columnScale(2, 128, 100)),
                random.packed(new Grid.Uniform(2), 20, 64, 32, random.columnScale(3, 64, 7)),
                with(plain, single, single, new InputTransform.None()),
                with(plain, single, constant, new InputTransform.None()),
                with(plain, plain.scale(), constant, new InputTransform.None()),
                rotated(plain, 48)));
        for (int bits = 1; bits <= 8; bits++)
            forms.add(random.packed(
                    new Grid.Codebook(bits, Arrays.copyOf(levels, 1 << bits)),
                    35,
                    bits == 4 ? 207 : 96,
                    64,
                    random.columnScale(1, bits == 4 ? 207 : 96, 35)));
        return forms;
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

    private static PackedWeight rotated(PackedWeight weight, int block) {
        return weight.acting(new InputTransform.Hadamard(block, signs(weight.columns())));
    }

    private static byte[] signs(int columns) {
        byte[] signs = new byte[columns];
        for (int i = 0; i < columns; i++) signs[i] = (byte) (i % 3 == 0 ? -1 : 1);
        return signs;
    }

    private void few(Weight weight, int... tokenCounts) {
        for (int tokens : tokenCounts) {
            float[] x = random.normal(tokens * weight.columns());
            ExpectedProducts expected = new ExpectedProducts(weight, x, tokens);
            compare(weight, tokens, expected.exact(), product(linears, weight, x, tokens), expected.orderTolerance());
        }
    }

    private void many(Weight weight, int tokens) {
        float[] x = random.normal(tokens * weight.columns());
        ExpectedProducts expected = new ExpectedProducts(weight, x, tokens);
        boolean scaledInput = weight instanceof PackedWeight packed
                && (packed.group() % 32 == 0 || packed.groups() == 1)
                && (packed.grid() instanceof Grid.Uniform
                        || packed.grid().bits() == 3
                        || packed.grid().bits() == 4)
                && !(packed.columnScale() instanceof ColumnScale.Half half && half.rowBlock() < packed.rows());
        float[] rounded = expected.rounded(scaledInput);
        compare(weight, tokens, rounded, product(linears, weight, x, tokens), expected.roundedTolerance());
    }

    private static void compare(Weight weight, int tokens, float[] expected, float[] found, double[] tolerance) {
        for (int i = 0; i < expected.length; i++)
            if (!(Math.abs(expected[i] - found[i]) <= tolerance[i]))
                assertEquals(
                        expected[i], found[i], tolerance[i], describe(weight) + ", " + tokens + " tokens, number " + i);
    }

    private static String describe(Weight weight) {
        String form =
                weight instanceof PackedWeight packed ? packed.grid().bits() + " bits by " + packed.group() : "dense";
        return form + ", " + weight.rows() + " x " + weight.columns();
    }

    private float[] product(CudaLinears with, Weight matrix, float[] x, int tokens) {
        try (CudaWeight weight = with.prepare(matrix);
                DeviceBuffer in = DeviceArrays.of(gpu, x);
                DeviceBuffer out = DeviceArrays.poisoned(gpu, 4L * tokens * matrix.rows())) {
            with.linear(weight, in, tokens, out);
            return DeviceArrays.floats(gpu, out);
        }
    }

    private void losses(Weight head, int tokens) {
        float[] hidden = random.normal(tokens * head.columns());
        int[] targets = random.ids(tokens, head.rows());
        double[] found = losses(head, hidden, targets);
        ExpectedProducts products = new ExpectedProducts(head, hidden, tokens);
        float[] logits = products.rounded(false);
        double[] tolerance = products.roundedTolerance();
        int rows = head.rows();
        for (int t = 0; t < tokens; t++) {
            double sum = 0;
            double most = 0;
            for (int i = 0; i < rows; i++) {
                sum += Math.exp(logits[t * rows + i]);
                most = Math.max(most, tolerance[t * rows + i]);
            }
            double expected = Math.log(sum) - logits[t * rows + targets[t]];
            assertEquals(expected, found[t], 2 * most + 1e-6, describe(head) + ", token " + t);
        }
    }

    private double[] losses(Weight head, float[] hidden, int[] targets) {
        double[] nll = new double[targets.length];
        try (CudaWeight weight = linears.prepare(head);
                DeviceBuffer in = DeviceArrays.of(gpu, hidden)) {
            linears.crossEntropy(weight, in, targets.length, targets, nll);
        }
        return nll;
    }

    /** The same device, said to have another number of multiprocessors. */
    private Gpu withMultiprocessors(int count) {
        return (Gpu) Proxy.newProxyInstance(
                Gpu.class.getClassLoader(), new Class<?>[] {Gpu.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("multiprocessors")) return count;
                    try {
                        return method.invoke(gpu, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
