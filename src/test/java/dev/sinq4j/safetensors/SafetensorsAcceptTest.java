package dev.sinq4j.safetensors;

import static dev.sinq4j.safetensors.HandMade.entry;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Valid files that are often mishandled. */
class SafetensorsAcceptTest {

    @TempDir
    private Path folder;

    @Test
    void aFileWithoutTensors() {
        try (var file = open("{}", 0)) {
            assertEquals(Map.of(), file.tensors());
            assertEquals(Map.of(), file.metadata());
        }
    }

    @Test
    void aTensorOfRankZero() {
        try (var file = open("{" + entry("scalar", "F32", "[]", 0, 4) + "}", 4)) {
            Tensor scalar = file.tensors().get("scalar");
            assertEquals(List.of(), scalar.shape());
            assertEquals(1, scalar.elements());
        }
    }

    @Test
    void aZeroSizeDimension() {
        String header = "{" + entry("none", "F32", "[3,0,5]", 0, 0) + "," + entry("a", "U8", "[2]", 0, 2) + ","
                + entry("end", "I64", "[0]", 2, 2) + "}";
        try (var file = open(header, 2)) {
            assertEquals(List.of("none", "a", "end"), List.copyOf(file.tensors().keySet()));
            assertEquals(0, file.tensors().get("none").elements());
        }
    }

    @Test
    void keysThatAreNotInTheOrderOfTheOffsets() {
        String header = "{" + entry("late", "U8", "[2]", 3, 5) + "," + entry("early", "U8", "[3]", 0, 3) + "}";
        try (var file = open(header, 5)) {
            assertEquals(List.of("early", "late"), List.copyOf(file.tensors().keySet()));
            assertEquals(
                    3,
                    file.tensors().get("late").data().get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0),
                    "first byte of the second tensor");
        }
    }

    @Test
    void whiteSpaceAroundTheHeader() {
        try (var file = open(" \t\r\n{" + entry("a", "U8", "[1]", 0, 1) + "} \t\r\n  ", 1)) {
            assertTrue(file.tensors().containsKey("a"));
        }
    }

    @Test
    void emptyMetadata() {
        try (var file = open("{\"__metadata__\":{}," + entry("a", "U8", "[1]", 0, 1) + "}", 1)) {
            assertEquals(Map.of(), file.metadata());
        }
    }

    @Test
    void nullMetadata() {
        try (var file = open("{\"__metadata__\":null," + entry("a", "U8", "[1]", 0, 1) + "}", 1)) {
            assertEquals(Map.of(), file.metadata());
        }
    }

    @Test
    void metadataInItsOrder() {
        try (var file = open("{\"__metadata__\":{\"z\":\"1\",\"a\":\"\\ud83d\\ude00\"}}", 0)) {
            assertEquals(List.of("z", "a"), List.copyOf(file.metadata().keySet()));
            assertEquals("😀", file.metadata().get("a"));
        }
    }

    @Test
    void notANumberAndInfinity() {
        byte[] header = ("{" + entry("a", "F16", "[3]", 0, 6) + "}").getBytes(StandardCharsets.UTF_8);
        byte[] data = {0x00, 0x7E, 0x00, 0x7C, 0x00, (byte) 0xFC};
        Path path = HandMade.write(folder.resolve("x.safetensors"), HandMade.withLength(header.length, header, data));
        try (var file = SafetensorsFile.open(path)) {
            assertArrayEquals(
                    new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY},
                    file.tensors().get("a").floats());
        }
    }

    @Test
    void oddNames() {
        String header = "{" + entry("", "U8", "[1]", 0, 1) + "," + entry("../x", "U8", "[1]", 1, 2) + ","
                + entry("\\n\\\"\\u0000", "U8", "[1]", 2, 3) + "}";
        try (var file = open(header, 3)) {
            assertEquals(
                    List.of("", "../x", "\n\"\0"), List.copyOf(file.tensors().keySet()));
        }
    }

    @Test
    void aNameOfManyCharacters() {
        String name = "x".repeat(200_000);
        try (var file = open("{" + entry(name, "U8", "[1]", 0, 1) + "}", 1)) {
            assertTrue(file.tensors().containsKey(name));
        }
    }

    @Test
    void dataThatIsNotAligned() {
        String header = "{" + entry("byte", "U8", "[1]", 0, 1) + "," + entry("float", "F32", "[2]", 1, 9) + "}";
        try (var file = open(header, 9)) {
            float first = Float.intBitsToFloat(0x04030201);
            float second = Float.intBitsToFloat(0x08070605);
            assertArrayEquals(
                    new float[] {first, second}, file.tensors().get("float").floats());
        }
    }

    @Test
    void aTensorOverTwoGibibytes() throws IOException {
        long bytes = (1L << 31) + 2;
        byte[] header =
                ("{" + entry("big", "BF16", "[" + bytes / 2 + "]", 0, bytes) + "}").getBytes(StandardCharsets.UTF_8);
        Path path = HandMade.write(
                folder.resolve("big.safetensors"), HandMade.withLength(header.length, header, new byte[0]));
        try (FileChannel sparse = FileChannel.open(path, StandardOpenOption.WRITE)) {
            sparse.write(java.nio.ByteBuffer.wrap(new byte[] {(byte) 0x80, 0x3F}), 8 + header.length + bytes - 2);
        }
        try (var file = SafetensorsFile.open(path)) {
            float[] last = new float[1];
            file.tensors().get("big").read(bytes / 2 - 1, 1, last, 0);
            assertEquals(1f, last[0]);
        }
    }

    @Test
    void aHighRank() {
        String ones = "[" + "1,".repeat(299) + "2]";
        try (var file = open("{" + entry("a", "U8", ones, 0, 2) + "}", 2)) {
            assertEquals(300, file.tensors().get("a").shape().size());
        }
    }

    @Test
    void aFieldNobodyKnows() {
        String header = "{\"a\":{\"dtype\":\"U8\",\"later\":[{\"x\":1}],\"shape\":[1],\"data_offsets\":[0,1]}}";
        try (var file = open(header, 1)) {
            assertEquals(DType.U8, file.tensors().get("a").dtype());
        }
    }

    private SafetensorsFile open(String header, int dataBytes) {
        return SafetensorsFile.open(HandMade.write(folder.resolve("x.safetensors"), HandMade.file(header, dataBytes)));
    }
}
