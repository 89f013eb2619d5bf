package dev.sinq4j.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sinq4j.method.BitsAndBytes;
import dev.sinq4j.method.BitsAndBytes.Levels;
import dev.sinq4j.tensor.BFloat16;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.Auxiliary;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.PackedWeight;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** bitsandbytes' own results, bit for bit. */
class BitsAndBytesGoldenTest {

    @TestFactory
    Stream<DynamicTest> codesScalesAndWeightsAreTheLibrarys() {
        List<DynamicTest> tests = new ArrayList<>();
        for (GoldenFile file : GoldenFile.all("bnb"))
            file.cases().forEach((key, settings) -> tests.add(dynamicTest(key, () -> check(file, key, settings))));
        return tests.stream();
    }

    private static void check(GoldenFile file, String key, JsonNode settings) {
        Levels levels = Levels.valueOf(settings.get("quant_type").asText().toUpperCase(Locale.ROOT));
        int block = settings.get("blocksize").asInt();
        String type = settings.get("input_dtype").asText();
        Tensor input = rounded(GoldenFile.input(settings.get("tensor").asText()), type);
        PackedWeight packed = (PackedWeight) new BitsAndBytesQuantizer(new BitsAndBytes(levels, block))
                .quantize(input, null)
                .weight();
        assertArrayEquals(file.bytes(key + "/codes"), packed.codes());
        assertArrayEquals(file.floats(key + "/absmax"), ((Auxiliary.Single) packed.scale()).values());
        float[] found = new Dequantizer(packed).matrix();
        for (int e = 0; e < found.length; e++) found[e] = rounded(found[e], type);
        assertArrayEquals(file.floats(key + "/dequant"), found, 0f); // -0 is a zero
    }

    @TestFactory
    Stream<DynamicTest> levelsAreTheLibrarys() {
        return GoldenFile.all("bnb").stream()
                .flatMap(file -> Stream.of(Levels.values())
                        .map(levels -> dynamicTest(
                                file.name() + ": " + levels,
                                () -> assertArrayEquals(
                                        file.floats(levels.name().toLowerCase(Locale.ROOT) + "/code"),
                                        BitsAndBytesQuantizer.levels(levels),
                                        0f))));
    }

    @ParameterizedTest
    @EnumSource
    void aBlockGoesOnInTheNextRow(Levels levels) {
        float[] values = normal(3 * 172);
        BitsAndBytesQuantizer quantizer = new BitsAndBytesQuantizer(new BitsAndBytes(levels, 64));
        DenseWeight rows =
                (DenseWeight) quantizer.quantize(tensor(3, 172, values), null).weight();
        PackedWeight flat = (PackedWeight) quantizer
                .quantize(tensor(1, 512, Arrays.copyOf(values, 512)), null)
                .weight();
        float[] expected = new Dequantizer(flat).matrix();
        assertArrayEquals(expected, Arrays.copyOf(rows.tensor().floats(), 512));
        assertEquals(3 * 172 / 2 + 4 * 9, rows.storedBytes());
    }

    private static Tensor rounded(Tensor tensor, String type) {
        float[] values = tensor.floats();
        for (int e = 0; e < values.length; e++) values[e] = rounded(values[e], type);
        return tensor(tensor.rows(), tensor.columns(), values);
    }

    private static float rounded(float value, String type) {
        return switch (type) {
            case "fp16" -> Half.round(value);
            case "bf16" -> BFloat16.toFloat(BFloat16.fromFloat(value));
            default -> value;
        };
    }

    private static float[] normal(int count) {
        Random random = new Random(4);
        float[] values = new float[count];
        for (int e = 0; e < count; e++) values[e] = (float) random.nextGaussian();
        return values;
    }

    private static Tensor tensor(int rows, int columns, float[] values) {
        return new Tensor("w", DType.F32, List.of((long) rows, (long) columns), MemorySegment.ofArray(values));
    }
}
