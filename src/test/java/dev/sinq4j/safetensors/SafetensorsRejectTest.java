package dev.sinq4j.safetensors;

import static dev.sinq4j.safetensors.HandMade.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.sinq4j.failure.UnavailableFailure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way a file can be wrong, and the one line a user reads about it. */
class SafetensorsRejectTest {

    private static final String A = entry("a", "F32", "[2]", 0, 8);

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}")
    @MethodSource({"lengths", "texts", "fields", "shapes", "offsets"})
    void isRefusedWithOneClearMessage(String kind, byte[] bytes, String message) {
        Path path = HandMade.write(folder.resolve("x.safetensors"), bytes);
        var failure = assertThrows(UnavailableFailure.class, () -> SafetensorsFile.open(path));
        assertEquals("x.safetensors: " + message, failure.getMessage());
    }

    @Test
    void reportsTheTensorWhoseOffsetsOverlap() {
        String header = "{" + entry("a", "F32", "[4]", 0, 16) + "," + entry("b", "F32", "[1]", 12, 16) + "}";
        Path path = HandMade.write(folder.resolve("overlap.safetensors"), HandMade.file(header, 16));
        var failure = assertThrows(UnavailableFailure.class, () -> SafetensorsFile.open(path));
        assertEquals("overlap.safetensors: tensor 'b' starts at byte 12 but 'a' ends at byte 16", failure.getMessage());
    }

    @Test
    void reportsAFileThatIsNotThere() {
        Path path = folder.resolve("absent.safetensors");
        var failure = assertThrows(UnavailableFailure.class, () -> SafetensorsFile.open(path));
        assertEquals(path + ": no such file", failure.getMessage());
    }

    @Test
    void reportsAFolderInPlaceOfAFile() {
        var failure = assertThrows(UnavailableFailure.class, () -> SafetensorsFile.open(folder));
        assertEquals(folder + " is a folder, not a safetensors file", failure.getMessage());
    }

    static Stream<Arguments> lengths() {
        return Stream.of(
                arguments("empty file", new byte[0], "0 bytes are too few for the 8 of the header's length"),
                arguments("7 bytes", new byte[7], "7 bytes are too few for the 8 of the header's length"),
                arguments("length 0", claimed(0), "the header claims 0 bytes; not even {} fits"),
                arguments("length beyond the end", claimed(3), "the header claims 3 bytes but only 2 follow"),
                arguments(
                        "length 100 000 001",
                        claimed(100_000_001),
                        "the header claims 100000001 bytes, more than the 100000000 the format allows"),
                arguments(
                        "length 2^63",
                        claimed(Long.MIN_VALUE),
                        "the header claims 9223372036854775808 bytes, more than the 100000000 the format allows"),
                arguments(
                        "length 2^64 - 1",
                        claimed(-1),
                        "the header claims 18446744073709551615 bytes, more than the 100000000 the format allows"));
    }

    static Stream<Arguments> texts() {
        byte[] badUtf8 = ("{" + A + "}").getBytes(StandardCharsets.UTF_8);
        badUtf8[2] = (byte) 0xFF;
        byte[] surrogate = ("{" + entry("abc", "F32", "[2]", 0, 8) + "}").getBytes(StandardCharsets.UTF_8);
        System.arraycopy(new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, 0, surrogate, 2, 3);
        byte[] utf16 = ("{" + A + "}").getBytes(StandardCharsets.UTF_16LE);
        return Stream.of(
                arguments("bad UTF-8", HandMade.file(badUtf8, 8), "header is not UTF-8"),
                arguments("an encoded surrogate", HandMade.file(surrogate, 8), "header is not UTF-8"),
                arguments(
                        "a lone escaped high surrogate in a name",
                        text("{" + entry("\\ud800", "F32", "[2]", 0, 8) + "}"),
                        "header is not valid JSON: Broken surrogate pair in field name: expected '\\' to start low"
                                + " surrogate, got 0x22"),
                arguments(
                        "a lone escaped low surrogate in a name",
                        text("{" + entry("\\udc00", "F32", "[2]", 0, 8) + "}"),
                        "header is not valid JSON: Unexpected low surrogate in field name: 0xdc00"),
                arguments(
                        "a lone escaped surrogate in the metadata",
                        text("{\"__metadata__\":{\"k\":\"\\udc00x\"}," + A + "}"),
                        "header: __metadata__: 'k' has half a surrogate"),
                arguments("a byte order mark", text("\uFEFF{" + A + "}"), "header starts with a byte order mark"),
                arguments(
                        "UTF-16",
                        HandMade.file(utf16, 8),
                        "header is not valid JSON: Illegal character ((CTRL-CHAR, code 0)): only regular white space"
                                + " (\\r, \\n, \\t) is allowed between tokens"),
                arguments("truncated JSON", text("{" + A), "header is not valid JSON: it ends too early"),
                arguments("an array at the root", text("[]"), "header: the outermost value is not an object: ["),
                arguments(
                        "nothing but blanks",
                        text("   "),
                        "header: the outermost value is not an object: the end of the text"),
                arguments("a second value", text("{" + A + "}{}"), "header goes on after its closing brace"),
                arguments(
                        "trailing NULs",
                        text("{" + A + "}\0\0"),
                        "header is not valid JSON: Illegal character ((CTRL-CHAR, code 0)): only regular white space"
                                + " (\\r, \\n, \\t) is allowed between tokens"),
                arguments(
                        "a trailing comma",
                        text("{" + A + ",}"),
                        "header is not valid JSON: Unexpected character ('}' (code 125)): was expecting double-quote to"
                                + " start field name"),
                arguments(
                        "a comment",
                        text("{/*x*/" + A + "}"),
                        "header is not valid JSON: Unexpected character ('/' (code 47)): maybe a (non-standard)"
                                + " comment? (not recognized as one since Feature 'ALLOW_COMMENTS' not enabled for"
                                + " parser)"));
    }

    static Stream<Arguments> fields() {
        return Stream.of(
                arguments(
                        "no dtype", text("{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}}"), "tensor 'a' has no dtype"),
                arguments(
                        "no shape",
                        text("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}"),
                        "tensor 'a' has no shape"),
                arguments(
                        "no data_offsets",
                        text("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}"),
                        "tensor 'a' has no data_offsets"),
                arguments(
                        "a field twice",
                        text("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"),
                        "tensor 'a' has dtype twice"),
                arguments("a tensor twice", text("{" + A + "," + A + "}"), "tensor 'a' is listed twice"),
                arguments(
                        "a tensor that is no object",
                        text("{\"a\":null}"),
                        "header: tensor 'a' is not an object: null"),
                arguments(
                        "metadata twice",
                        text("{\"__metadata__\":{},\"__metadata__\":{}," + A + "}"),
                        "__metadata__ is listed twice"),
                arguments(
                        "a metadata key twice",
                        text("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}," + A + "}"),
                        "__metadata__ has 'k' twice"),
                arguments(
                        "metadata with a number",
                        text("{\"__metadata__\":{\"k\":1}," + A + "}"),
                        "header: __metadata__: 'k' is not a string: 1"),
                arguments(
                        "metadata with null",
                        text("{\"__metadata__\":{\"k\":null}," + A + "}"),
                        "header: __metadata__: 'k' is not a string: null"),
                arguments(
                        "metadata that is an array",
                        text("{\"__metadata__\":[]," + A + "}"),
                        "header: __metadata__ is not an object: ["),
                arguments(
                        "an unknown dtype",
                        text("{" + entry("a", "F31", "[2]", 0, 8) + "}"),
                        "tensor 'a': dtype 'F31' is none of BOOL, U8, I8, F8_E5M2, F8_E4M3, I16, U16, F16, BF16, I32,"
                                + " U32, F32, F64, I64, U64"),
                arguments(
                        "a lower-case dtype",
                        text("{" + entry("a", "f32", "[2]", 0, 8) + "}"),
                        "tensor 'a': dtype 'f32' is none of BOOL, U8, I8, F8_E5M2, F8_E4M3, I16, U16, F16, BF16, I32,"
                                + " U32, F32, F64, I64, U64"),
                arguments(
                        "a dtype that is no string",
                        text("{\"a\":{\"dtype\":5,\"shape\":[2],\"data_offsets\":[0,8]}}"),
                        "header: tensor 'a': dtype is not a string: 5"));
    }

    static Stream<Arguments> shapes() {
        return Stream.of(
                arguments("a negative size", shape("[-2]"), "header: tensor 'a': shape[0] is negative: -2"),
                arguments("minus zero", shape("[-0]"), "header: tensor 'a': shape[0] is negative: -0"),
                arguments("2.0", shape("[2.0]"), "header: tensor 'a': shape[0] is not a whole number: 2.0"),
                arguments("2e0", shape("[1,2e0]"), "header: tensor 'a': shape[1] is not a whole number: 2e0"),
                arguments("a string", shape("[\"2\"]"), "header: tensor 'a': shape[0] is not a whole number: 2"),
                arguments(
                        "02",
                        shape("[02]"),
                        "header is not valid JSON: Invalid numeric value: Leading zeroes not allowed"),
                arguments("a null size", shape("[null]"), "header: tensor 'a': shape[0] is not a whole number: null"),
                arguments("a null shape", shape("null"), "header: tensor 'a': shape is not an array: null"),
                arguments(
                        "a size beyond 64 bits",
                        shape("[18446744073709551616]"),
                        "header: tensor 'a': shape[0] does not fit in 63 bits: 18446744073709551616"),
                arguments(
                        "a product beyond 64 bits",
                        shape("[4294967296,4294967296]"),
                        "tensor 'a': shape [4294967296, 4294967296] is too large to count its bits"),
                arguments(
                        "a bit count beyond 64 bits",
                        shape("[576460752303423488]"),
                        "tensor 'a': shape [576460752303423488] is too large to count its bits"));
    }

    static Stream<Arguments> offsets() {
        String b = entry("b", "F32", "[2]", 8, 16);
        return Stream.of(
                arguments("one offset", offset("[0]"), "tensor 'a': data_offsets has 1 numbers, not 2"),
                arguments("three offsets", offset("[0,8,8]"), "tensor 'a': data_offsets has 3 numbers, not 2"),
                arguments("a negative offset", offset("[-8,0]"), "header: tensor 'a': data_offsets[0] is negative: -8"),
                arguments("begin after end", offset("[8,0]"), "tensor 'a' starts at byte 8, after its end at byte 0"),
                arguments(
                        "first not at 0",
                        HandMade.file("{" + entry("a", "F32", "[2]", 4, 12) + "}", 12),
                        "the first tensor, 'a', starts at byte 4, not at 0"),
                arguments(
                        "a hole",
                        HandMade.file("{" + A + "," + entry("b", "F32", "[2]", 12, 20) + "}", 20),
                        "tensor 'b' starts at byte 12 but 'a' ends at byte 8"),
                arguments(
                        "exact overlap",
                        HandMade.file("{" + A + "," + entry("b", "F32", "[2]", 0, 8) + "}", 8),
                        "tensor 'b' starts at byte 0 but 'a' ends at byte 8"),
                arguments(
                        "partial overlap",
                        HandMade.file("{" + A + "," + entry("b", "F32", "[2]", 4, 12) + "}", 12),
                        "tensor 'b' starts at byte 4 but 'a' ends at byte 8"),
                arguments(
                        "too short for the shape",
                        offset("[0,4]"),
                        "tensor 'a': F32[2] takes 8 bytes, data_offsets span 4"),
                arguments(
                        "rank 0 with 0 bytes",
                        HandMade.file("{" + entry("a", "F32", "[]", 0, 0) + "}", 0),
                        "tensor 'a': F32[] takes 4 bytes, data_offsets span 0"),
                arguments(
                        "end beyond the file",
                        HandMade.file("{" + A + "," + b + "}", 8),
                        "tensor 'b' ends at byte 16 but the file holds only 8 bytes of data; it was cut short: fetch it"
                                + " again"),
                arguments(
                        "2 bytes missing",
                        HandMade.file("{" + A + "}", 6),
                        "tensor 'a' ends at byte 8 but the file holds only 6 bytes of data; it was cut short: fetch it"
                                + " again"),
                arguments(
                        "bytes after the last tensor",
                        HandMade.file("{" + A + "}", 10),
                        "2 bytes follow the last tensor, 'a', which ends at byte 8"),
                arguments(
                        "bytes but no tensor",
                        HandMade.file("{}", 1),
                        "1 bytes of data, but the header lists no tensor"));
    }

    private static byte[] claimed(long length) {
        return HandMade.withLength(length, "{}".getBytes(StandardCharsets.UTF_8), new byte[0]);
    }

    private static byte[] text(String header) {
        return HandMade.file(header, 8);
    }

    private static byte[] shape(String shape) {
        return text("{" + entry("a", "F32", shape, 0, 8) + "}");
    }

    private static byte[] offset(String offsets) {
        return text("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":" + offsets + "}}");
    }
}
