package dev.sinq4j.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.kernel.TileKernels;
import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.MethodOption;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.PackedWeight;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LaterSinqQuantizerTest {

    private static final Map<MethodOption, Object> GATE = Map.of(MethodOption.KURTOSIS_GATE, 5.0);
    private static final Map<MethodOption, Object> HALVING = Map.of(MethodOption.TILE_HALVING, true);

    @Test
    void kurtosisIsThatOfKnownDistributions() {
        assertEquals(1.8, kurtosis(weight(128, LaterSinqQuantizerTest::uniform)), 0.02);
        assertEquals(3.0, kurtosis(weight(128, Random::nextGaussian)), 0.05);
        assertEquals(6.0, kurtosis(weight(128, LaterSinqQuantizerTest::laplace)), 0.4);
    }

    @Test
    void tinyWeightsAreMeasuredAgainstAFloor() {
        // mean(w^4) = 3 (1e-4)^4, far below the square of 1e-6
        assertEquals(3e-4, kurtosis(weight(128, random -> 1e-4 * random.nextGaussian())), 1e-5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sinq", "sinq-nf4", "sinq-symmetric"})
    void aGatedMatrixIsRoundedToNearest(String name) {
        Tensor heavy = weight(128, LaterSinqQuantizerTest::laplace);
        Quantized gated = quantize(name, GATE, heavy);
        assertEquals(true, gated.notes().get("gated"));
        AuxPrecision aux = Methods.of(MethodRequest.of(name)).aux();
        PackedWeight rtn =
                (PackedWeight) Quantizers.of(Methods.of(new MethodRequest("rtn", 4, 64, null, aux, Map.of())))
                        .quantize(heavy, null)
                        .weight();
        assertArrayEquals(new Dequantizer(rtn).matrix(), new Dequantizer((PackedWeight) gated.weight()).matrix());
    }

    @Test
    void aMatrixBelowTheGateIsWhatItWouldBeWithoutOne() {
        Tensor light = weight(128, Random::nextGaussian);
        Quantized gate = quantize("sinq", GATE, light);
        assertEquals(false, gate.notes().get("gated"));
        PackedWeight plain = (PackedWeight) quantize("sinq", Map.of(), light).weight();
        assertArrayEquals(plain.codes(), ((PackedWeight) gate.weight()).codes());
    }

    @Test
    void withoutTheSettingNothingIsGated() {
        Quantized plain = quantize("sinq", Map.of(), weight(128, LaterSinqQuantizerTest::laplace));
        assertFalse(plain.notes().containsKey("gated"));
    }

    @ParameterizedTest(name = "{0} columns take tiles of {1}")
    @CsvSource({"128,64", "96,32", "80,16", "172,64"})
    void tilesAreHalvedUntilTheyDivideTheColumns(int columns, int tile) {
        Quantized halved = quantize("sinq", HALVING, weight(columns, Random::nextGaussian));
        assertEquals(tile, ((PackedWeight) halved.weight()).group());
        assertEquals(tile != 64, halved.notes().containsKey("group"));
        assertTrue(ReconstructionError.of(weight(columns, Random::nextGaussian), halved.weight())
                        .relative()
                < 0.12);
    }

    private static Quantized quantize(String name, Map<MethodOption, Object> options, Tensor weight) {
        return Quantizers.of(Methods.of(new MethodRequest(name, 4, 64, null, null, options)))
                .quantize(weight, null);
    }

    private static double kurtosis(Tensor weight) {
        return LaterSinqQuantizer.kurtosis(new WeightSource(weight, false, TileKernels.fastest()));
    }

    private static double uniform(Random random) {
        return random.nextDouble() - 0.5;
    }

    private static double laplace(Random random) {
        double exponential = -Math.log(1 - random.nextDouble());
        return random.nextBoolean() ? exponential : -exponential;
    }

    private static Tensor weight(int columns, ToDoubleFunction<Random> distribution) {
        Random random = new Random(2);
        float[] values = new float[512 * columns];
        for (int e = 0; e < values.length; e++) values[e] = (float) distribution.applyAsDouble(random);
        return new Tensor("w", DType.F32, List.of(512L, (long) columns), MemorySegment.ofArray(values));
    }
}
