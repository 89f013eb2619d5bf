package dev.sinq4j.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GgufFileTest {

    @TempDir
    private Path folder;

    @Test
    void readsMetadataOfEveryKind() throws IOException {
        byte[] nested = concatenate(
                GgufBytes.int32(9),
                GgufBytes.int64(1),
                GgufBytes.int32(4),
                GgufBytes.int64(2),
                GgufBytes.int32(-1),
                GgufBytes.int32(7));
        try (GgufFile file = open(new GgufBytes()
                .entry("u8", 0, new byte[] {-1})
                .entry("i8", 1, new byte[] {-1})
                .entry("u16", 2, new byte[] {-1, -1})
                .entry("i16", 3, new byte[] {-2, -1})
                .uint32("u32", -1)
                .entry("i32", 5, GgufBytes.int32(-5))
                .float32("f32", 1e-5f)
                .truth("truth", true)
                .text("text", "é👍")
                .entry("array", 9, nested)
                .entry("u64", 10, GgufBytes.int64(1L << 40))
                .entry("f64", 12, GgufBytes.int64(Double.doubleToLongBits(0.1)))
                .entry("odd text", 8, concatenate(GgufBytes.int64(1), new byte[] {-1}))
                .bytes())) {
            var metadata = file.metadata();
            assertEquals(
                    List.of(255L, -1L, 65535L, -2L),
                    List.of(metadata.get("u8"), metadata.get("i8"), metadata.get("u16"), metadata.get("i16")));
            assertEquals(4294967295L, metadata.get("u32"));
            assertEquals(-5L, metadata.get("i32"));
            assertEquals(1e-5, metadata.get("f32"));
            assertEquals(true, metadata.get("truth"));
            assertEquals("é👍", metadata.get("text"));
            assertEquals(List.of(List.of(4294967295L, 7L)), metadata.get("array"));
            assertEquals(1L << 40, metadata.get("u64"));
            assertEquals(0.1, metadata.get("f64"));
            assertEquals("\uFFFD", metadata.get("odd text"));
        }
    }

    @Test
    void readsTensorsWithTheirSizesOutermostFirst() throws IOException {
        GgufBytes bytes = new GgufBytes()
                .floats("a", new float[] {1, 2, 3, 4, 5, 6}, 3, 2)
                .floats("b", new float[] {7});
        try (GgufFile file = open(bytes.bytes())) {
            GgufTensor a = file.tensors().get("a");
            assertEquals(List.of(2L, 3L), a.shape());
            float[] row = new float[3];
            a.read(3, 3, row, 0);
            assertArrayEquals(new float[] {4, 5, 6}, row);
            assertEquals(List.of(), file.tensors().get("b").shape());
            assertEquals(1, file.tensors().get("b").elements());
        }
    }

    @Test
    void honoursTheAlignmentGiven() throws IOException {
        GgufBytes bytes = new GgufBytes().uint32("general.alignment", 8).tensor("a", 0, 8, 1);
        byte[] header = bytes.bytes();
        byte[] file = Arrays.copyOf(header, header.length + 12);
        try (GgufFile opened = open(file)) {
            assertEquals(1, opened.tensors().get("a").elements());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void aDamagedFileIsRefusedWithOneClearMessage(String kind, byte[] bytes, String message) {
        var failure = assertThrows(UnavailableFailure.class, () -> open(bytes));
        assertEquals("x.gguf: " + message, failure.getMessage());
    }

    static Stream<Arguments> damages() {
        byte[] empty = new GgufBytes().bytes();
        byte[] version = empty.clone();
        version[4] = 1;
        byte[] bigEndian = empty.clone();
        bigEndian[4] = 0;
        bigEndian[7] = 3;
        byte[] manyTensors = empty.clone();
        manyTensors[14] = 1;
        byte[] absurd = empty.clone();
        absurd[15] = -1;
        byte[] longText = concatenate(GgufBytes.int64(1 << 20), new byte[3]);
        byte[] longArray = concatenate(GgufBytes.int32(8), GgufBytes.int64(1 << 30));
        return Stream.of(
                arguments(
                        "empty",
                        new byte[0],
                        "the file ends inside the first four bytes; it was cut short: fetch it again"),
                arguments(
                        "another format",
                        "PK\3\4aaaa".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                        "not a GGUF file: it does not start with GGUF"),
                arguments("version 1", version, "GGUF version 1; only 2 and 3 can be read"),
                arguments("big-endian", bigEndian, "a big-endian GGUF file; only little-endian ones can be read"),
                arguments(
                        "too many tensors",
                        manyTensors,
                        "the number of tensors is 281474976710656, more than the file has room for; it was cut short or"
                                + " damaged"),
                arguments("an absurd count", absurd, "the number of tensors is absurd: 18374686479671623680"),
                arguments(
                        "a key twice",
                        new GgufBytes().text("k", "").text("k", "").bytes(),
                        "the metadata has 'k' twice"),
                arguments(
                        "a key that is not UTF-8",
                        replaced(new GgufBytes().text("@", "").bytes(), '@', 0xFF),
                        "metadata key 0 is not UTF-8"),
                arguments(
                        "an unknown value type",
                        new GgufBytes().entry("k", 13, new byte[8]).bytes(),
                        "'k' has a type nobody knows: 13"),
                arguments(
                        "a text beyond the end",
                        new GgufBytes().entry("k", 8, longText).bytes(),
                        "the length of 'k' is 1048576, more than the file has room for; it was cut short or damaged"),
                arguments(
                        "an array beyond the end",
                        new GgufBytes().entry("k", 9, longArray).bytes(),
                        "the number of elements of 'k' is 1073741824, more than the file has room for; it was cut short"
                                + " or damaged"),
                arguments(
                        "arrays in arrays",
                        new GgufBytes().entry("k", 9, nested(9)).bytes(),
                        "'k' is nested too deeply"),
                arguments(
                        "an odd alignment",
                        new GgufBytes().uint32("general.alignment", 24).bytes(),
                        "general.alignment is no power of two up to 2^20: 24"),
                arguments(
                        "five dimensions",
                        new GgufBytes().tensor("a", 0, 0, 1, 1, 1, 1, 1).bytes(),
                        "tensor 'a' has 5 dimensions; at most 4 are allowed"),
                arguments(
                        "an unknown tensor type",
                        new GgufBytes()
                                .tensor("a", 16, 0, 256)
                                .data(new byte[256])
                                .bytes(),
                        "tensor 'a' has type number 16, which is none of those that can be read: F32, F16, Q4_0, Q4_1,"
                                + " Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS, BF16"),
                arguments(
                        "rows that are no whole blocks",
                        new GgufBytes().tensor("a", 2, 0, 33).bytes(),
                        "tensor 'a': rows of 33 do not divide into Q4_0 blocks of 32"),
                arguments(
                        "an unaligned offset",
                        new GgufBytes().tensor("a", 0, 4, 1).bytes(),
                        "tensor 'a' starts at byte 4, no multiple of 32"),
                arguments(
                        "a shape beyond 64 bits",
                        new GgufBytes().tensor("a", 0, 0, 1L << 32, 1L << 32).bytes(),
                        "tensor 'a': shape [4294967296, 4294967296] is too large to count its bytes"),
                arguments(
                        "a tensor twice",
                        new GgufBytes()
                                .tensor("a", 0, 0, 1)
                                .tensor("a", 0, 32, 1)
                                .data(new byte[36])
                                .bytes(),
                        "tensor 'a' is listed twice"),
                arguments(
                        "an overlap",
                        new GgufBytes()
                                .tensor("a", 0, 0, 16)
                                .tensor("b", 0, 32, 1)
                                .data(new byte[64])
                                .bytes(),
                        "tensor 'b' starts at byte 32 but 'a' ends at byte 64"),
                arguments(
                        "a tensor beyond the end",
                        new GgufBytes()
                                .tensor("a", 0, 32, 16)
                                .data(new byte[95])
                                .bytes(),
                        "tensor 'a' takes 64 bytes from byte 32 on but the file holds only 95 bytes of data; it was cut"
                                + " short: fetch it again"));
    }

    private GgufFile open(byte[] bytes) throws IOException {
        return GgufFile.open(Files.write(folder.resolve("x.gguf"), bytes));
    }

    private static byte[] nested(int depth) {
        byte[] value = concatenate(GgufBytes.int32(0), GgufBytes.int64(0));
        for (int i = 0; i < depth; i++) value = concatenate(GgufBytes.int32(9), GgufBytes.int64(1), value);
        return value;
    }

    private static byte[] replaced(byte[] bytes, int from, int to) {
        for (int i = 0; i < bytes.length; i++) if (bytes[i] == from) bytes[i] = (byte) to;
        return bytes;
    }

    private static byte[] concatenate(byte[]... parts) {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) all.writeBytes(part);
        return all.toByteArray();
    }
}
