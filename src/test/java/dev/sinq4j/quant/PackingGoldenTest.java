package dev.sinq4j.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sinq4j.weight.Packing;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Every case of {@code golden/quantizer/packing.safetensors}. */
class PackingGoldenTest {

    @TestFactory
    Stream<DynamicNode> packsAndUnpacksAsTheReference() {
        GoldenFile file = GoldenFile.open("packing.safetensors");
        return file.cases().keySet().stream()
                .filter(key -> file.has(key + "/packed"))
                .map(key -> dynamicTest(key, () -> check(file, key)));
    }

    private static void check(GoldenFile file, String key) {
        JsonNode settings = file.cases().get(key);
        int rows = settings.get("rows").asInt();
        byte[] codes = file.bytes(key + "/codes");
        byte[] packed = file.bytes(key + "/packed");
        int group = codes.length / rows;
        Packing packing = Packing.of(settings.get("bits").asInt());
        assertArrayEquals(packed, packing.pack(codes, rows, group));
        assertArrayEquals(codes, packing.unpack(packed, rows, group));
    }
}
