package dev.sinq4j.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.PackedWeight;
import dev.sinq4j.weight.Packing;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * Every case of {@code golden/quantizer/hqq}. Groups along axis 0 are those of axis 1 of the matrix of 64 rows that its
 * numbers make, transposed.
 */
class HqqGoldenTest {

    @TestFactory
    Stream<DynamicNode> quantizesAsTheLibrary() {
        return forEachCase(HqqGoldenTest::check);
    }

    private static void check(GoldenFile file, String key) {
        PackedWeight ours = quantized(file, key, AuxPrecision.FP32);
        byte[] theirs = file.bytes(key + "/codes");
        byte[] mine = alongAxis(file, key, ours.codes());
        int other = 0;
        for (int e = 0; e < theirs.length; e++) if (theirs[e] != mine[e]) other++;
        System.out.printf("golden hqq/%s: %d of %d codes differ from the library's%n", key, other, theirs.length);
        assertEquals(0, other);
        int rows = isAxis0(file, key) ? theirs.length / ours.rows() : ours.rows() * ours.groups();
        assertArrayEquals(
                file.bytes(key + "/W_q"), Packing.of(ours.grid().bits()).pack(mine, rows, theirs.length / rows));
        assertArrayEquals(file.floats(key + "/scale"), ours.scale().values());
        assertArrayEquals(file.floats(key + "/zero"), ours.zero().values(), 4e-5f);
    }

    @TestFactory
    Stream<DynamicNode> dequantizesAsTheLibrary() {
        return forEachCase(HqqGoldenTest::checkDequantized);
    }

    private static void checkDequantized(GoldenFile file, String key) {
        if (file.has(key + "/dequant_fp32")) {
            PackedWeight single = quantized(file, key, AuxPrecision.FP32);
            float[] mine = alongAxis(file, key, new Dequantizer(single).matrix());
            assertArrayEquals(file.floats(key + "/dequant_fp32"), mine, 1e-5f);
        }
        PackedWeight half = quantized(file, key, AuxPrecision.FP16);
        float[] theirs = file.floats(key + "/dequant_fp16");
        float[] mine = alongAxis(file, key, new Dequantizer(half, Dequantizer.Order.REFERENCE_FP16).matrix());
        int other = 0;
        for (int e = 0; e < mine.length; e++) if (mine[e] != theirs[e]) other++;
        int others = other;
        // a zero within 4e-5 of the library's may fall on the other side of an fp16 rounding, and moves its whole group
        assertTrue(other <= 0.01 * mine.length, () -> others + " of " + mine.length + " differ");
    }

    private interface Check {
        void check(GoldenFile file, String key);
    }

    private static Stream<DynamicNode> forEachCase(Check check) {
        return GoldenFile.all("hqq").stream()
                .map(file -> dynamicContainer(
                        file.name(),
                        file.cases().keySet().stream().map(key -> dynamicTest(key, () -> check.check(file, key)))));
    }

    private static boolean isAxis0(GoldenFile file, String key) {
        return file.cases().get(key).get("axis").asInt() == 0;
    }

    private static PackedWeight quantized(GoldenFile file, String key, AuxPrecision aux) {
        JsonNode settings = file.cases().get(key);
        int group = settings.get("group_size").asInt();
        MethodRequest request = new MethodRequest("hqq", settings.get("nbits").asInt(), group, null, aux, Map.of());
        Tensor input = GoldenFile.input(settings.get("tensor").asText());
        if (isAxis0(file, key)) input = regrouped(input, group);
        return (PackedWeight)
                Quantizers.of(Methods.of(request)).quantize(input, null).weight();
    }

    /** (elements / group, group): column c of the matrix of {@code group} rows becomes row c. */
    private static Tensor regrouped(Tensor tensor, int group) {
        float[] values = tensor.floats();
        int rows = values.length / group;
        float[] transposed = new float[values.length];
        for (int e = 0; e < values.length; e++) transposed[e % rows * group + e / rows] = values[e];
        return new Tensor(
                tensor.name(), DType.F32, List.of((long) rows, (long) group), MemorySegment.ofArray(transposed));
    }

    private static byte[] alongAxis(GoldenFile file, String key, byte[] values) {
        if (!isAxis0(file, key)) return values;
        int group = file.cases().get(key).get("group_size").asInt();
        byte[] back = new byte[values.length];
        int rows = values.length / group;
        for (int e = 0; e < values.length; e++) back[e] = values[e % rows * group + e / rows];
        return back;
    }

    private static float[] alongAxis(GoldenFile file, String key, float[] values) {
        if (!isAxis0(file, key)) return values;
        int group = file.cases().get(key).get("group_size").asInt();
        float[] back = new float[values.length];
        int rows = values.length / group;
        for (int e = 0; e < values.length; e++) back[e] = values[e % rows * group + e / rows];
        return back;
    }
}
