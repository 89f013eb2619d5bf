package dev.sinq4j.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.Gptq;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.method.Rotated;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.InputTransform;
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

class RotatedQuantizerTest {

    private static final int ROWS = 24;

    @ParameterizedTest(name = "{0} columns turn in blocks of {1}")
    @CsvSource({"64,64", "172,4", "288,288", "576,576", "1536,1536", "2560,2560", "12288,12288", "7,1"})
    void theLargestKnownBlockIsTurned(int columns, int block) {
        assertEquals(block, RotatedQuantizer.rotation(columns, 0).block());
    }

    @ParameterizedTest(name = "{0} columns")
    @ValueSource(ints = {64, 172, 288, 576, 1536})
    void aRotationIsOrthogonalAndUndone(int columns) {
        InputTransform.Hadamard rotation = RotatedQuantizer.rotation(columns, 3);
        Random random = new Random(columns);
        float[] a = normal(random, columns);
        float[] b = normal(random, columns);
        float[] turnedA = a.clone();
        float[] turnedB = b.clone();
        rotation.apply(turnedA, 0, columns);
        rotation.apply(turnedB, 0, columns);
        assertEquals(product(a, a), product(turnedA, turnedA), 1e-6 * product(a, a));
        assertEquals(product(a, b), product(turnedA, turnedB), 1e-6 * Math.sqrt(product(a, a) * product(b, b)));
        rotation.undo(turnedA, 0, columns);
        assertArrayEquals(a, turnedA, 1e-6f);
    }

    @ParameterizedTest(name = "{0} columns")
    @ValueSource(ints = {64, 172, 288, 576})
    void aRotatedMatrixActsOnARotatedInputAsBefore(int columns) {
        InputTransform.Hadamard rotation = RotatedQuantizer.rotation(columns, 0);
        float[] rows = normal(new Random(2), ROWS * columns);
        float[] x = normal(new Random(3), columns);
        float[] turnedRows = rows.clone();
        float[] turnedX = x.clone();
        rotation.apply(turnedRows, 0, rows.length);
        rotation.apply(turnedX, 0, columns);
        for (int row = 0; row < ROWS; row++) {
            float[] w = Arrays.copyOfRange(rows, row * columns, (row + 1) * columns);
            float[] turnedW = Arrays.copyOfRange(turnedRows, row * columns, (row + 1) * columns);
            assertEquals(product(w, x), product(turnedW, turnedX), 1e-6 * Math.sqrt(product(w, w) * product(x, x)));
        }
    }

    @Test
    void aRotationOfManyRowsTurnsEachByItself() {
        InputTransform.Hadamard rotation = RotatedQuantizer.rotation(36, 0);
        float[] rows = normal(new Random(1), 72);
        float[] second = Arrays.copyOfRange(rows, 36, 72);
        rotation.apply(second, 0, 36);
        rotation.apply(rows, 0, 72);
        assertArrayEquals(second, Arrays.copyOfRange(rows, 36, 72));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"hadamard-rtn", "hadamard-gptq"})
    void atEightBitsTheMatrixIsTheOneItWas(String name) {
        Tensor weight = outliers(172);
        Quantized result = quantizer(name, 8).quantize(weight, inputs(172));
        assertTrue(ReconstructionError.of(weight, result.weight()).relative() < 0.01);
        assertEquals(4, result.notes().get("hadamard_block"));
        assertEquals(weight.rows() * 172L, ((PackedWeight) result.weight()).codes().length);
    }

    /** What a rotation is for: outliers are spread over the columns of their block. */
    @Test
    void outliersCostLessThanWithoutARotation() {
        Tensor weight = outliers(288);
        double plain = ReconstructionError.of(
                        weight, quantizer("rtn", 4).quantize(weight, null).weight())
                .relative();
        double turned = ReconstructionError.of(
                        weight,
                        quantizer("hadamard-rtn", 4).quantize(weight, null).weight())
                .relative();
        assertTrue(turned < 0.8 * plain, turned + " is not well below " + plain);
    }

    @Test
    void gptqSeesTheRotatedInputs() {
        Tensor weight = outliers(288);
        Inputs inputs = inputs(288);
        double rtn = outputError(weight, quantizer("hadamard-rtn", 3).quantize(weight, inputs), inputs);
        double gptq = outputError(weight, quantizer("hadamard-gptq", 3).quantize(weight, inputs), inputs);
        assertTrue(gptq < 0.8 * rtn, gptq + " is not well below " + rtn);
    }

    @Test
    void theSeedDecidesTheSigns() {
        InputTransform.Hadamard one = RotatedQuantizer.rotation(64, 1);
        assertArrayEquals(one.signs(), RotatedQuantizer.rotation(64, 1).signs());
        assertNotEquals(
                Arrays.toString(one.signs()),
                Arrays.toString(RotatedQuantizer.rotation(64, 2).signs()));
    }

    @Test
    void theSeedOfARequestReachesTheWeight() {
        Method method = new Rotated(new Gptq(4, 64, AuxPrecision.FP16, false, 0.01, false), 5);
        PackedWeight weight = (PackedWeight)
                Quantizers.of(method).quantize(outliers(64), inputs(64)).weight();
        InputTransform.Hadamard stored = (InputTransform.Hadamard) weight.inputTransform();
        assertArrayEquals(RotatedQuantizer.rotation(64, 5).signs(), stored.signs());
    }

    private static Quantizer quantizer(String name, int bits) {
        return Quantizers.of(Methods.of(new MethodRequest(name, bits, 32, null, AuxPrecision.FP32, Map.of())));
    }

    private static double outputError(Tensor weight, Quantized quantized, Inputs inputs) {
        float[] exact = weight.floats();
        float[] found = new Dequantizer((PackedWeight) quantized.weight()).matrix();
        int columns = weight.columns();
        double error = 0;
        for (int token = 0; token < inputs.tokens(); token++)
            for (int row = 0; row < ROWS; row++) {
                double difference = 0;
                for (int j = 0; j < columns; j++)
                    difference += (double) (exact[row * columns + j] - found[row * columns + j])
                            * inputs.values()[token * columns + j];
                error += difference * difference;
            }
        return error;
    }

    /** Normal numbers, one in fifty of them ten times as large. */
    private static Tensor outliers(int columns) {
        Random random = new Random(columns);
        float[] values = normal(random, ROWS * columns);
        for (int e = 0; e < values.length; e++) if (random.nextInt(50) == 0) values[e] *= 10;
        return new Tensor("w", DType.F32, List.of((long) ROWS, (long) columns), MemorySegment.ofArray(values));
    }

    /** Inputs that follow a few common causes. */
    private static Inputs inputs(int columns) {
        Random random = new Random(5);
        float[] causes = normal(random, 8 * columns);
        float[] values = normal(random, 300 * columns);
        for (int token = 0; token < 300; token++)
            for (int cause = 0; cause < 8; cause++) {
                float strength = (float) (3 * random.nextGaussian());
                for (int j = 0; j < columns; j++) values[token * columns + j] += strength * causes[cause * columns + j];
            }
        return new Inputs(values, 300, columns);
    }

    private static float[] normal(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float) random.nextGaussian();
        return values;
    }

    private static double product(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += (double) a[i] * b[i];
        return sum;
    }
}
