package dev.sinq4j.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sinq4j.safetensors.SafetensorsFile;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.testing.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every block format, bit for bit as the Python package gguf decodes it. */
class GgufBlocksTest {

    @TestFactory
    List<DynamicTest> goldenBlocksAreDecodedBitForBit() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> files = Files.list(Shared.path("golden/quantizer/gguf"))) {
            for (Path path : files.filter(f -> f.toString().endsWith(".safetensors"))
                    .sorted()
                    .toList()) {
                try (SafetensorsFile file = SafetensorsFile.open(path)) {
                    for (String name : file.tensors().keySet())
                        if (name.endsWith("/raw")) tests.add(decoding(path, name.substring(0, name.length() - 4)));
                }
            }
        }
        return tests;
    }

    private static DynamicTest decoding(Path path, String name) {
        return dynamicTest(path.getFileName() + ": " + name, () -> {
            try (SafetensorsFile file = SafetensorsFile.open(path)) {
                Tensor expected = file.tensors().get(name + "/dequant");
                GgufType type = GgufType.valueOf(name.substring(name.lastIndexOf('/') + 1));
                GgufTensor tensor = new GgufTensor(
                        name,
                        type,
                        expected.shape(),
                        file.tensors().get(name + "/raw").data());
                float[] values = new float[(int) expected.elements()];
                tensor.read(0, values.length, values, 0);
                assertArrayEquals(bits(expected.floats()), bits(values));
                assertAnyPartIsTheSame(tensor, values);
            }
        });
    }

    /** A part that begins and ends inside blocks. */
    private static void assertAnyPartIsTheSame(GgufTensor tensor, float[] values) {
        int count = values.length - 14;
        float[] part = new float[count + 2];
        tensor.read(5, count, part, 1);
        for (int i = 0; i < count; i++)
            assertEquals(Float.floatToRawIntBits(values[i + 5]), Float.floatToRawIntBits(part[i + 1]));
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) bits[i] = Float.floatToRawIntBits(values[i]);
        return bits;
    }
}
