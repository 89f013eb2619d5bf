package dev.sinq4j.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.gguf.GgufType;
import dev.sinq4j.method.BlockFormat;
import dev.sinq4j.method.LlamaCpp;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.DenseWeight;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LlamaCppQuantizerTest {

    @ParameterizedTest
    @EnumSource
    void aFormatIsWhatTheFilesBlocksAre(BlockFormat format) {
        GgufType type = LlamaCppQuantizer.type(format);
        assertEquals(type.elementsPerBlock(), format.block());
        assertEquals(type.bytesPerBlock(), format.bytes());
    }

    @ParameterizedTest
    @EnumSource
    void weightsAreThoseAReaderOfTheFileWouldSee(BlockFormat format) {
        Tensor weight = normal(3, 512, 1);
        DenseWeight quantized = (DenseWeight) new LlamaCppQuantizer(new LlamaCpp(format))
                .quantize(weight, null)
                .weight();
        GgufType type = LlamaCppQuantizer.type(format);
        byte[] blocks = new byte[(int) type.bytes(3 * 512)];
        type.encode(weight.floats(), 0, 3 * 512, blocks, 0);
        float[] expected = new float[3 * 512];
        type.decode(blocks, 0, expected.length, expected, 0);
        assertArrayEquals(expected, quantized.tensor().floats());
        assertEquals(blocks.length, quantized.storedBytes());
    }

    @ParameterizedTest(name = "{0}: relative error about {1}")
    @CsvSource({"Q8_0,0.005", "Q5_0,0.042", "Q4_1,0.078", "Q4_0,0.086", "Q3_K,0.17"})
    void errorsOfNormalWeightsAreThoseOfTheirBits(BlockFormat format, double expected) {
        Tensor weight = normal(32, 512, 0.02f);
        Quantized quantized = new LlamaCppQuantizer(new LlamaCpp(format)).quantize(weight, null);
        assertEquals(
                expected, ReconstructionError.of(weight, quantized.weight()).relative(), 0.12 * expected);
    }

    @Test
    void rowsThatFillNoBlocksAreToldOf() {
        Quantized quantized = new LlamaCppQuantizer(new LlamaCpp(BlockFormat.Q3_K)).quantize(normal(2, 288, 1), null);
        assertEquals(Map.of("block_format", "iq4_nl"), quantized.notes());
        assertEquals(
                List.of("tensor 'w': rows of 288 do not divide into Q3_K blocks of 256, so it is stored as IQ4_NL, as"
                        + " llama-quantize does"),
                quantized.warnings());
        assertEquals(2 * 9 * 18, quantized.weight().storedBytes());
    }

    @Test
    void weightsBeyondTheScalesOfAFormatAreRefused() {
        Tensor weight = normal(1, 32, 1e7f);
        var error = assertThrows(
                UnavailableFailure.class,
                () -> new LlamaCppQuantizer(new LlamaCpp(BlockFormat.Q4_0)).quantize(weight, null));
        assertTrue(error.getMessage().startsWith("tensor 'w': its scales are beyond fp16"), error.getMessage());
    }

    private static Tensor normal(int rows, int columns, float size) {
        Random random = new Random(columns);
        float[] values = new float[rows * columns];
        for (int e = 0; e < values.length; e++) values[e] = (float) random.nextGaussian() * size;
        return new Tensor("w", DType.F32, List.of((long) rows, (long) columns), MemorySegment.ofArray(values));
    }
}
