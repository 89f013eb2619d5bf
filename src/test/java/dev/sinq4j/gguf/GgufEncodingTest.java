package dev.sinq4j.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sinq4j.safetensors.SafetensorsFile;
import dev.sinq4j.testing.Shared;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers to blocks, byte for byte as the Python package gguf 0.19 makes them. */
class GgufEncodingTest {

    /** Made by {@code encoded.py} beside it: edges of every format gguf-py can write. */
    private static final Path OWN = Path.of("src/test/resources/dev/sinq4j/gguf/encoded.safetensors");

    @TestFactory
    List<DynamicTest> blocksAreThoseOfThePythonPackage() {
        return encodings(OWN);
    }

    @TestFactory
    List<DynamicTest> blocksOfLargeMatricesAreThoseOfThePythonPackage() {
        return encodings(Shared.path("golden/quantizer/gguf/quantized.safetensors"));
    }

    private static List<DynamicTest> encodings(Path path) {
        List<DynamicTest> tests = new ArrayList<>();
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            for (String name : file.tensors().keySet())
                if (name.endsWith("/raw")) tests.add(dynamicTest(name, () -> assertEncodes(path, name)));
        }
        return tests;
    }

    private static void assertEncodes(Path path, String name) {
        String[] parts = name.split("/");
        GgufType type = GgufType.valueOf(parts[1]);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            float[] input = file.tensors().get(parts[0] + "/input").floats();
            byte[] expected = file.tensors().get(name).data().toArray(ValueLayout.JAVA_BYTE);
            byte[] found = new byte[(int) type.bytes(input.length)];
            type.encode(input, 0, input.length, found, 0);
            assertArrayEquals(expected, found);
        }
    }

    @Test
    void threeBitBlocksAreThoseOfANaiveReference() {
        Random random = new Random(7);
        for (int run = 0; run < 200; run++) {
            float[] x = new float[256];
            for (int k = 0; k < x.length; k++) x[k] = (float) (random.nextGaussian() * Math.pow(10, run % 7 - 5));
            if (run % 5 == 0) Arrays.fill(x, 32, 64, 0);
            if (run % 5 == 1) for (int k = 0; k < x.length; k++) x[k] = Math.round(4 * x[k]) / 4f; // many ties
            assertArrayEquals(NaiveThreeBit.decoded(x), roundTrip(GgufType.Q3_K, x), "run " + run);
        }
    }

    @ParameterizedTest
    @EnumSource
    void encodingAgainWhatWasDecodedLosesNoMore(GgufType type) {
        if (!type.encodes()) {
            assertThrows(
                    UnsupportedOperationException.class, () -> type.encode(new float[256], 0, 256, new byte[256], 0));
            return;
        }
        Random random = new Random(3);
        float[] x = new float[512];
        for (int k = 0; k < x.length; k++) x[k] = (float) random.nextGaussian();
        double once = error(x, roundTrip(type, x));
        assertTrue(once < 0.25, type + ": " + once);
        assertTrue(error(x, roundTrip(type, roundTrip(type, x))) < 1.1 * once + 1e-12, type.toString());
    }

    @ParameterizedTest
    @EnumSource
    void zerosStayZeros(GgufType type) {
        if (!type.encodes()) return;
        assertArrayEquals(new float[256], roundTrip(type, new float[256]), 0f); // -0 is a zero
    }

    @Test
    void nonLinearCodesAreTheNearestLevels() {
        float[] x = new float[32];
        for (int k = 0; k < x.length; k++) x[k] = 0.25f * NonLinearLevels.ASCENDING[k % 16];
        assertArrayEquals(x, roundTrip(GgufType.IQ4_NL, x), 1e-3f);
    }

    @Test
    void numbersThatFillNoBlockAreRefused() {
        var error = assertThrows(
                IllegalArgumentException.class, () -> GgufType.Q4_0.encode(new float[40], 0, 40, new byte[40], 0));
        assertEquals("40 numbers do not divide into Q4_0 blocks of 32", error.getMessage());
    }

    private static float[] roundTrip(GgufType type, float[] x) {
        byte[] blocks = new byte[(int) type.bytes(x.length)];
        type.encode(x, 0, x.length, blocks, 0);
        float[] decoded = new float[x.length];
        type.decode(blocks, 0, x.length, decoded, 0);
        return decoded;
    }

    private static double error(float[] x, float[] y) {
        double error = 0;
        double norm = 0;
        for (int k = 0; k < x.length; k++) {
            error += (double) (x[k] - y[k]) * (x[k] - y[k]);
            norm += (double) x[k] * x[k];
        }
        return Math.sqrt(error / norm);
    }

    /** The levels of IQ4_NL as the format's description lists them. */
    private static final class NonLinearLevels {
        static final int[] ASCENDING = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};
    }
}
