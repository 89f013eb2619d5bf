package dev.sinq4j.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.Gptq;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.PackedWeight;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GptqQuantizerTest {

    private static final int ROWS = 19;

    @ParameterizedTest(name = "{0} columns, group {1}, act-order {2}")
    @CsvSource({"64,32,false", "172,64,false", "172,64,true", "300,48,false", "300,48,true", "300,256,false"})
    void equalsTheNaiveComputation(int columns, int group, boolean actOrder) {
        Gptq method = gptq(3, group, actOrder);
        Tensor weight = weight(columns);
        Inputs inputs = correlated(columns);
        double[][] expected = NaiveGptq.quantized(weight.floats(), ROWS, method, inputs);
        float[] actual = dense(method, weight, inputs);
        for (int i = 0; i < ROWS; i++)
            for (int j = 0; j < columns; j++)
                assertEquals(expected[i][j], actual[i * columns + j], 1e-5, "row " + i + ", column " + j);
    }

    @Test
    void uncorrelatedInputsMeanRoundingToNearest() {
        int columns = 96;
        float[] identity = new float[columns * columns];
        for (int j = 0; j < columns; j++) identity[j * columns + j] = 1 + j;
        Inputs inputs = new Inputs(identity, columns, columns);
        Gptq method = gptq(3, 32, false);
        assertArrayEquals(nearest(method, weight(columns)), dense(method, weight(columns), inputs));
        assertArrayEquals(
                nearest(method, weight(columns)), dense(gptq(3, 32, true), weight(columns), inputs), "with act-order");
    }

    @ParameterizedTest(name = "act-order {0}")
    @ValueSource(booleans = {false, true})
    void outputsAreNearerThanThoseOfRoundingToNearest(boolean actOrder) {
        int columns = 172;
        Gptq method = gptq(3, 64, actOrder);
        Tensor weight = weight(columns);
        Inputs inputs = correlated(columns);
        double gptq = outputError(weight.floats(), dense(method, weight, inputs), inputs);
        double rtn = outputError(weight.floats(), nearest(method, weight), inputs);
        assertTrue(gptq < 0.8 * rtn, gptq + " is not well below " + rtn);
    }

    @ParameterizedTest(name = "group {0}")
    @ValueSource(ints = {32, 48, 64, 256})
    void theBlockSizeChangesNothing(int group) {
        Tensor weight = weight(300);
        Inputs inputs = correlated(300);
        byte[] expected = packed(new GptqQuantizer(gptq(4, group, false), 128), weight, inputs)
                .codes();
        for (int block : new int[] {1, 32, 300})
            assertArrayEquals(
                    expected,
                    packed(new GptqQuantizer(gptq(4, group, false), block), weight, inputs)
                            .codes());
    }

    @Test
    void aSingularHessianIsDampedUntilItIsNone() {
        float[] values = new float[64];
        Arrays.fill(values, 1);
        Gptq undamped = new Gptq(4, 32, AuxPrecision.FP32, false, 0, false);
        Quantized result = new GptqQuantizer(undamped).quantize(weight(64), new Inputs(values, 1, 64));
        assertEquals(Map.of("damping", 0.01), result.notes());
    }

    @Test
    void aColumnNoInputReachesBecomesZero() {
        Inputs inputs = correlated(64);
        for (int token = 0; token < inputs.tokens(); token++) inputs.values()[token * 64 + 5] = 0;
        Quantized result = new GptqQuantizer(gptq(4, 32, false)).quantize(weight(64), inputs);
        assertEquals(1, result.notes().get("dead_inputs"));
        float[] values = new Dequantizer((PackedWeight) result.weight()).matrix();
        for (int row = 0; row < ROWS; row++) assertEquals(0, values[row * 64 + 5]);
    }

    @Test
    void inputsThatAreNoNumbersAreToldAndTheLayerIsRoundedToNearest() {
        Inputs inputs = correlated(64);
        inputs.values()[70] = Float.NaN;
        Gptq method = gptq(4, 32, false);
        Quantized result = new GptqQuantizer(method).quantize(weight(64), inputs);
        assertEquals(Map.of("rounded_to_nearest", true), result.notes());
        assertTrue(result.warnings().getFirst().startsWith("tensor 'w': the Hessian of its inputs is not positive"));
        assertArrayEquals(nearest(method, weight(64)), new Dequantizer((PackedWeight) result.weight()).matrix());
    }

    @Test
    void anOrderNeedsStaticGroups() {
        assertThrows(
                IllegalArgumentException.class, () -> new Gptq(4, 64, AuxPrecision.FP16, true, Gptq.DAMPING, false));
    }

    private static Gptq gptq(int bits, int group, boolean actOrder) {
        return new Gptq(bits, group, AuxPrecision.FP32, actOrder, Gptq.DAMPING, actOrder);
    }

    private static PackedWeight packed(GptqQuantizer quantizer, Tensor weight, Inputs inputs) {
        return (PackedWeight) quantizer.quantize(weight, inputs).weight();
    }

    private static float[] dense(Gptq method, Tensor weight, Inputs inputs) {
        return new Dequantizer(packed(new GptqQuantizer(method), weight, inputs)).matrix();
    }

    /** Round to nearest on the grid GPTQ uses, from its definition. */
    private static float[] nearest(Gptq method, Tensor weight) {
        float[] values = weight.floats();
        int columns = weight.columns();
        for (int row = 0; row < ROWS; row++)
            for (int first = 0; first < columns; first += method.group()) {
                int last = Math.min(columns, first + method.group());
                double[] group = new double[last - first];
                for (int j = first; j < last; j++) group[j - first] = values[row * columns + j];
                NaiveGptq.Affine grid = NaiveGptq.Affine.of(group, method.bits());
                for (int j = first; j < last; j++) values[row * columns + j] = (float) grid.round(group[j - first]);
            }
        return values;
    }

    private static double outputError(float[] weight, float[] quantized, Inputs inputs) {
        int columns = inputs.columns();
        double error = 0;
        for (int token = 0; token < inputs.tokens(); token++)
            for (int row = 0; row < ROWS; row++) {
                double difference = 0;
                for (int j = 0; j < columns; j++)
                    difference += (double) (weight[row * columns + j] - quantized[row * columns + j])
                            * inputs.values()[token * columns + j];
                error += difference * difference;
            }
        return error;
    }

    private static Tensor weight(int columns) {
        Random random = new Random(columns);
        float[] values = new float[ROWS * columns];
        for (int e = 0; e < values.length; e++) values[e] = (float) random.nextGaussian();
        return new Tensor("w", DType.F32, List.of((long) ROWS, (long) columns), MemorySegment.ofArray(values));
    }

    /** Inputs that follow a few common causes, of different size in each column. */
    private static Inputs correlated(int columns) {
        Random random = new Random(7);
        int tokens = 400;
        double[][] mixture = new double[16][columns];
        for (double[] cause : mixture) for (int j = 0; j < columns; j++) cause[j] = random.nextGaussian();
        float[] values = new float[tokens * columns];
        for (int token = 0; token < tokens; token++)
            for (double[] cause : mixture) {
                double strength = random.nextGaussian();
                for (int j = 0; j < columns; j++)
                    values[token * columns + j] +=
                            (float) ((strength * cause[j] + 0.3 * random.nextGaussian()) * (1 + j % 7));
            }
        return new Inputs(values, tokens, columns);
    }
}
