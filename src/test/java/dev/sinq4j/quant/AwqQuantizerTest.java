package dev.sinq4j.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.Awq;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.PackedWeight;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AwqQuantizerTest {

    private static final int ROWS = 70;
    private static final int TOKENS = 96;

    @ParameterizedTest(name = "{0} bits, {1} columns, clip {2}")
    @CsvSource({"3,64,false", "3,172,false", "4,172,false", "3,64,true", "3,172,true", "4,172,true"})
    void equalsTheNaiveComputation(int bits, int columns, boolean clip) {
        Awq method = new Awq(bits, 64, AuxPrecision.FP32, clip);
        Tensor weight = weight("up_proj", columns);
        Inputs inputs = inputs(columns);
        Quantized found = Quantizers.of(method).quantize(weight, inputs);
        NaiveAwq naive = NaiveAwq.of(weight.floats(), ROWS, columns, inputs, method);
        assertEquals(naive.ratio(), found.notes().get("alpha"));
        assertEquals(naive.searchError(), (double) found.notes().get("alpha_error"), 1e-3 * naive.searchError());
        double expected = outputError(weight.floats(), naive.weights(), inputs);
        // a range clipped on both sides puts its zero half-way between codes, where the last bit of fp32 decides
        double tolerance = (clip ? 1e-2 : 2e-3) * expected;
        assertEquals(expected, outputError(weight.floats(), matrix(found), inputs), tolerance);
    }

    @ParameterizedTest(name = "clip {0}")
    @ValueSource(booleans = {false, true})
    void outputsAreNearerThanThoseOfRoundingToNearest(boolean clip) {
        for (int columns : new int[] {64, 172}) {
            Tensor weight = weight("up_proj", columns);
            Inputs inputs = inputs(columns);
            Method rtn = Methods.of(new MethodRequest("rtn", 3, 64, null, AuxPrecision.FP32, Map.of()));
            double plain =
                    outputError(weight.floats(), matrix(Quantizers.of(rtn).quantize(weight, null)), inputs);
            double awq = outputError(weight.floats(), matrix(quantize(weight, inputs, clip)), inputs);
            assertTrue(awq < 0.7 * plain, awq + " is not well below " + plain);
        }
    }

    @Test
    void clippingBringsOutputsNearer() {
        Tensor weight = weight("up_proj", 172);
        Inputs inputs = inputs(172);
        Quantized clipped = quantize(weight, inputs, true);
        assertTrue((int) clipped.notes().get("clipped_groups") > ROWS / 2);
        double without = outputError(weight.floats(), matrix(quantize(weight, inputs, false)), inputs);
        assertTrue(outputError(weight.floats(), matrix(clipped), inputs) < without);
    }

    @Test
    void queriesAndKeysAreNotClipped() {
        Tensor weight = weight("model.layers.0.self_attn.k_proj.weight", 64);
        Quantized asked = quantize(weight, inputs(64), true);
        assertFalse(asked.notes().containsKey("clipped_groups"));
        assertArrayEquals(matrix(quantize(weight, inputs(64), false)), matrix(asked));
    }

    @Test
    void anInputThatWasAlwaysZeroDoesNoHarm() {
        Inputs inputs = inputs(64);
        for (int token = 0; token < TOKENS; token++) inputs.values()[token * 64 + 9] = 0;
        for (float value : matrix(quantize(weight("w", 64), inputs, true))) assertTrue(Float.isFinite(value));
    }

    @Test
    void inputsThatAreNoNumbersAreRefused() {
        Inputs inputs = inputs(64);
        inputs.values()[70] = Float.POSITIVE_INFINITY;
        var error = assertThrows(UnavailableFailure.class, () -> quantize(weight("w", 64), inputs, true));
        assertEquals(
                "tensor 'w': input 6 of token 1 of the calibration text is Infinity; the model overflows on this text",
                error.getMessage());
    }

    private static Quantized quantize(Tensor weight, Inputs inputs, boolean clip) {
        return Quantizers.of(new Awq(3, 64, AuxPrecision.FP16, clip)).quantize(weight, inputs);
    }

    private static float[] matrix(Quantized quantized) {
        return new Dequantizer((PackedWeight) quantized.weight()).matrix();
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

    private static Tensor weight(String name, int columns) {
        Random random = new Random(columns);
        float[] values = new float[ROWS * columns];
        for (int e = 0; e < values.length; e++) values[e] = (float) random.nextGaussian();
        return new Tensor(name, DType.F32, List.of((long) ROWS, (long) columns), MemorySegment.ofArray(values));
    }

    /** One channel in sixteen is twenty times as large. */
    private static Inputs inputs(int columns) {
        Random random = new Random(6);
        float[] values = new float[TOKENS * columns];
        for (int e = 0; e < values.length; e++)
            values[e] = (float) random.nextGaussian() * (e % columns % 16 == 3 ? 20 : 1);
        return new Inputs(values, TOKENS, columns);
    }
}
