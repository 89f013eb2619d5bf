package dev.sinq4j.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The vector kernels give the bits of the plain loops, on every shape. */
class TileKernelsTest {

    private final TileKernels scalar = TileKernels.scalar();
    private final TileKernels fastest = TileKernels.fastest();

    static Stream<Arguments> shapes() {
        return Stream.of(2, 3, 4, 5, 7, 64, 172)
                .flatMap(rows -> Stream.of(2, 7, 8, 9, 31, 33, 64, 128).map(columns -> Arguments.of(rows, columns)));
    }

    /** Numbers of one tile: fp16 weights and scales as a Sinkhorn run has them. */
    private record Case(int rows, int columns, float[] tile, float[] perColumn, float[] perRow) {
        static Case of(int rows, int columns) {
            Random random = new Random(rows * 1000L + columns);
            float[] tile = new float[rows * columns];
            for (int e = 0; e < tile.length; e++)
                tile[e] = Float.float16ToFloat(Float.floatToFloat16(0.05f * (float) random.nextGaussian()));
            return new Case(rows, columns, tile, scales(random, columns), scales(random, rows));
        }

        private static float[] scales(Random random, int count) {
            float[] scales = new float[count];
            for (int i = 0; i < count; i++) scales[i] = (float) Math.exp(random.nextDouble() * 2 - 0.3);
            return scales;
        }
    }

    @ParameterizedTest(name = "{0} x {1}")
    @MethodSource("shapes")
    void deviationsAreTheSame(int rows, int columns) {
        assertSameDeviations(Case.of(rows, columns));
    }

    @ParameterizedTest(name = "{0} x {1}")
    @MethodSource("shapes")
    void deviationsOfFlatRowsAndColumnsAreTheSame(int rows, int columns) {
        Case flat = Case.of(rows, columns);
        Arrays.fill(flat.tile(), 0, columns, 0.2f);
        for (int i = 0; i < rows; i++) flat.tile()[i * columns + columns - 1] = 7 + 1e-3f * i;
        Arrays.fill(flat.perColumn(), 1);
        assertSameDeviations(flat);
    }

    private void assertSameDeviations(Case c) {
        float[][] found = new float[2][];
        float[][] expected = new float[2][];
        deviations(scalar, c, expected);
        deviations(fastest, c, found);
        assertArrayEquals(expected[0], found[0]);
        assertArrayEquals(expected[1], found[1]);
    }

    private static void deviations(TileKernels kernels, Case c, float[][] out) {
        out[0] = new float[c.columns()];
        out[1] = new float[c.rows()];
        kernels.deviations(c.tile(), c.rows(), c.columns(), c.perColumn(), c.perRow(), out[0], out[1]);
    }

    @ParameterizedTest(name = "{0} x {1}")
    @MethodSource("shapes")
    void quotientsProductsAndRangesAreTheSame(int rows, int columns) {
        Case c = Case.of(rows, columns);
        float[] expected = c.tile().clone();
        float[] found = c.tile().clone();
        scalar.divide(expected, rows, columns, c.perColumn(), c.perRow());
        fastest.divide(found, rows, columns, c.perColumn(), c.perRow());
        assertArrayEquals(expected, found);
        scalar.multiply(expected, rows, columns, c.perColumn(), c.perRow());
        fastest.multiply(found, rows, columns, c.perColumn(), c.perRow());
        assertArrayEquals(expected, found);
        float[][] ranges = new float[4][rows];
        scalar.ranges(expected, rows, columns, ranges[0], ranges[1]);
        fastest.ranges(expected, rows, columns, ranges[2], ranges[3]);
        assertArrayEquals(ranges[0], ranges[2]);
        assertArrayEquals(ranges[1], ranges[3]);
    }

    @ParameterizedTest(name = "{0} x {1}")
    @MethodSource("shapes")
    void codesAreTheSame(int rows, int columns) {
        Case c = Case.of(rows, columns);
        for (int maxCode : new int[] {1, 3, 15, 255}) {
            float[] scale = new float[rows];
            float[] zero = new float[rows];
            for (int i = 0; i < rows; i++) {
                // so coarse that clamping and ties happen
                scale[i] = 1f / 64;
                zero[i] = i % 3 - 1;
            }
            byte[] expected = new byte[rows * columns];
            byte[] found = new byte[rows * columns];
            scalar.roundToCodes(c.tile(), rows, columns, scale, zero, maxCode, expected);
            fastest.roundToCodes(c.tile(), rows, columns, scale, zero, maxCode, found);
            assertArrayEquals(expected, found);
        }
    }

    @Test
    void codesRoundTiesToEven() {
        byte[] codes = new byte[16];
        float[] tile = new float[16];
        for (int e = 0; e < tile.length; e++) tile[e] = e * 0.5f;
        fastest.roundToCodes(tile, 1, 16, new float[] {1}, new float[] {0}, 7, codes);
        assertArrayEquals(new byte[] {0, 0, 1, 2, 2, 2, 3, 4, 4, 4, 5, 6, 6, 6, 7, 7}, codes);
    }

    @ParameterizedTest(name = "{0} x {1}")
    @MethodSource("shapes")
    void logarithmsAndExponentialsAreTheSame(int rows, int columns) {
        float[] expected = Case.of(rows, columns).perRow();
        float[] found = expected.clone();
        scalar.logarithms(expected, rows);
        fastest.logarithms(found, rows);
        assertArrayEquals(expected, found);
        scalar.exponentials(expected, rows, expected);
        fastest.exponentials(found, rows, found);
        assertArrayEquals(expected, found);
    }

    @ParameterizedTest(name = "{0} x {1}")
    @MethodSource("shapes")
    void stepsOfHqqAreTheSame(int rows, int columns) {
        Case c = Case.of(rows, columns);
        for (int maxCode : new int[] {1, 3, 15, 255}) {
            // the first as weights have it; from 40 on, differences are so large that some shrink and some vanish
            for (float inverse : new float[] {maxCode / 0.3f, 40, 2, 0.3f}) {
                float[] factor = new float[rows];
                float[] expected = new float[rows];
                for (int i = 0; i < rows; i++) {
                    factor[i] = inverse * (1 + 0.01f * i);
                    expected[i] = i % 3 + 0.4f;
                }
                float[] tile = c.tile().clone();
                if (inverse <= 40) for (int e = 0; e < tile.length; e++) tile[e] *= 20;
                float[] found = expected.clone();
                for (int step = 0; step < 3; step++) {
                    double error = scalar.hqqStep(tile, rows, columns, factor, expected, maxCode);
                    assertEquals(error, fastest.hqqStep(tile, rows, columns, factor, found, maxCode));
                    assertArrayEquals(expected, found);
                }
                byte[][] codes = new byte[2][rows * columns];
                scalar.scaleToCodes(tile, rows, columns, factor, expected, maxCode, codes[0]);
                fastest.scaleToCodes(tile, rows, columns, factor, found, maxCode, codes[1]);
                assertArrayEquals(codes[0], codes[1]);
            }
        }
    }

    @Test
    void aStepOfHqqMovesTheZeroByWhatShrinkingLeavesOfTheErrors() {
        // two weights on a grid of codes 0 and 1 of width 1: both get code 1, 0.5 and 3 off. 0.5 shrinks to
        // 0.5 - 0.5^-0.3 / 10 = 0.3768856, 3 to 3 - 3^-0.3 / 10 = 2.9280776; 1 - mean(1.5 - 0.3768856, 4 - 2.9280776)
        float[] zero = {0};
        for (TileKernels kernels : new TileKernels[] {scalar, fastest}) {
            zero[0] = 0;
            float[] tile = {1.5f, 4, 1.5f, 4, 1.5f, 4, 1.5f, 4, 1.5f, 4};
            assertEquals(17.5, kernels.hqqStep(tile, 1, tile.length, new float[] {1}, zero, 1));
            assertEquals(-0.09751841f, zero[0], 2e-7f);
        }
    }

    @Test
    void thePowerOfShrinkingIsRoundedOnce() {
        for (float x = HalfQuadratic.SHRINKS_TO_ZERO; x < 1e30f; x *= 1.0009f) {
            assertEquals((float) Math.pow(x, -0.3), HalfQuadratic.power(x));
        }
    }

    @ParameterizedTest(name = "{0} x {1}")
    @MethodSource("shapes")
    void meansAndLevelsAreTheSame(int rows, int columns) {
        Case c = Case.of(rows, columns);
        float[] expected = new float[rows];
        float[] found = new float[rows];
        scalar.means(c.tile(), rows, columns, expected);
        fastest.means(c.tile(), rows, columns, found);
        assertArrayEquals(expected, found);
        float[] scale = new float[rows];
        Arrays.fill(scale, 0.125f);
        // fp16 weights and a power of two: some positions are equal to a threshold
        for (float[] thresholds : new float[][] {{0}, {-0.75f, -0.5f, -0.25f, 0, 0.125f, 0.25f, 0.5f}}) {
            byte[][] codes = new byte[2][rows * columns];
            scalar.roundToLevels(c.tile(), rows, columns, scale, new float[rows], thresholds, codes[0]);
            fastest.roundToLevels(c.tile(), rows, columns, scale, new float[rows], thresholds, codes[1]);
            assertArrayEquals(codes[0], codes[1]);
        }
    }

    @ParameterizedTest(name = "{0} x {1}")
    @MethodSource("shapes")
    void dequantizedWeightsAreTheSame(int rows, int columns) {
        Case c = Case.of(rows, columns);
        byte[] codes = new byte[rows * columns];
        new Random(columns).nextBytes(codes);
        float[] zero = new float[rows];
        Arrays.fill(zero, 7.25f);
        float[] factor = new float[columns];
        Arrays.fill(factor, 0.3f);
        float[][] values = new float[2][rows * columns];
        scalar.dequantize(codes, rows, columns, c.perRow(), zero, c.perColumn(), factor, c.perRow(), values[0]);
        fastest.dequantize(codes, rows, columns, c.perRow(), zero, c.perColumn(), factor, c.perRow(), values[1]);
        assertArrayEquals(values[0], values[1]);
    }

    @Test
    void dequantizesCodesAsUnsigned() {
        float[] values = new float[32];
        byte[] codes = new byte[32];
        Arrays.fill(codes, (byte) 200);
        float[] ones = new float[32];
        Arrays.fill(ones, 1);
        fastest.dequantize(codes, 1, 32, new float[] {0.5f}, new float[] {100}, ones, ones, ones, values);
        assertEquals(50, values[0]);
        assertEquals(50, values[31]);
    }

    @Test
    void aThresholdReachedCounts() {
        byte[] codes = new byte[64];
        float[] tile = new float[64];
        for (int e = 0; e < tile.length; e++) tile[e] = e * 0.25f;
        fastest.roundToLevels(tile, 1, 64, new float[] {1}, new float[] {0}, new float[] {0.5f, 1, 15.75f}, codes);
        assertArrayEquals(new byte[] {0, 0, 1, 1, 2, 2}, Arrays.copyOf(codes, 6));
        assertArrayEquals(new byte[] {2, 3}, Arrays.copyOfRange(codes, 62, 64));
    }

    @ParameterizedTest(name = "{0} x {1}")
    @MethodSource("shapes")
    void productsWithInputsAreTheSameChainOfRoundings(int rows, int columns) {
        Case weight = Case.of(rows, columns);
        int tokens = 67;
        Case x = Case.of(tokens, columns);
        try (InputProducts expected = TileKernels.scalar().inputProducts(x.tile(), tokens, columns);
                InputProducts found = fastest.inputProducts(x.tile(), tokens, columns)) {
            float[] slow = new float[rows * expected.stride()];
            float[] fast = new float[rows * found.stride()];
            Arrays.fill(fast, Float.NaN);
            expected.multiply(weight.tile(), rows, slow);
            found.multiply(weight.tile(), rows, fast);
            for (int i = 0; i < rows; i++)
                for (int t = 0; t < tokens; t++) {
                    double sum = 0;
                    double size = 0;
                    for (int j = 0; j < columns; j++) {
                        double product = (double) x.tile()[t * columns + j] * weight.tile()[i * columns + j];
                        sum += product;
                        size += Math.abs(product);
                    }
                    float value = fast[i * found.stride() + t];
                    assertEquals(sum, value, 1e-6 * size);
                    assertEquals(slow[i * expected.stride() + t], value);
                }
        }
    }
}
