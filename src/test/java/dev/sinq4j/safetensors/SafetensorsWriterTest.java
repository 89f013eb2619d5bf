package dev.sinq4j.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.safetensors.SafetensorsWriter.Declaration;
import dev.sinq4j.tensor.DType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {

    @TempDir
    private Path folder;

    @Test
    void writesTheBytesOfTheFormat() throws IOException {
        Path path = folder.resolve("x.safetensors");
        try (var writer = SafetensorsWriter.create(
                path,
                Map.of("format", "pt"),
                List.of(new Declaration("é", DType.U8, List.of(1L)), new Declaration("b", DType.F32, List.of())))) {
            writer.write("é", bytes(7));
            writer.write("b", bytes(0, 0, -128, 63));
            writer.commit();
        }
        String header =
                "{\"__metadata__\":{\"format\":\"pt\"},\"b\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]},"
                        + "\"é\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[4,5]}}";
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        int padding = -json.length & 7;
        byte[] padded = (header + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
        assertArrayEquals(
                HandMade.withLength(padded.length, padded, new byte[] {0, 0, -128, 63, 7}), Files.readAllBytes(path));
        assertEquals(List.of(path), children());
    }

    @Test
    void whatIsWrittenIsReadBack() {
        Path path = folder.resolve("x.safetensors");
        List<Declaration> declarations = List.of(
                new Declaration("small", DType.I8, List.of(3L)),
                new Declaration("../odd \"name\"\n", DType.BF16, List.of(2L, 1L)),
                new Declaration("empty", DType.F16, List.of(0L, 4L)));
        try (var writer = SafetensorsWriter.create(path, Map.of(), declarations)) {
            writer.write("empty", bytes());
            writer.write("small", bytes(1, 2, 3));
            writer.write("../odd \"name\"\n", bytes(-128, 63, 0, 64));
            writer.commit();
        }
        try (var file = SafetensorsFile.open(path)) {
            assertEquals(
                    List.of("../odd \"name\"\n", "empty", "small"),
                    List.copyOf(file.tensors().keySet()));
            assertArrayEquals(
                    new float[] {1, 2}, file.tensors().get("../odd \"name\"\n").floats());
            assertEquals(Map.of(), file.metadata());
        }
    }

    @Test
    void anAbandonedFileLeavesNothingBehindAndTheOldOneAsItWas() throws IOException {
        Path path = Files.writeString(folder.resolve("x.safetensors"), "old");
        try (var writer =
                SafetensorsWriter.create(path, Map.of(), List.of(new Declaration("a", DType.U8, List.of(1L))))) {
            writer.write("a", bytes(1));
        }
        assertEquals(List.of(path), children());
        assertEquals("old", Files.readString(path));
    }

    @Test
    void committingReplacesTheOldFile() throws IOException {
        Path path = Files.writeString(folder.resolve("x.safetensors"), "old");
        try (var writer = SafetensorsWriter.create(path, Map.of(), List.of())) {
            writer.commit();
        }
        try (var file = SafetensorsFile.open(path)) {
            assertEquals(Map.of(), file.tensors());
        }
        assertEquals(List.of(path), children());
    }

    @Test
    void refusesATensorNamedLikeTheMetadata() {
        Path path = folder.resolve("x.safetensors");
        var declarations = List.of(new Declaration("__metadata__", DType.U8, List.of(1L)));
        var failure =
                assertThrows(UnavailableFailure.class, () -> SafetensorsWriter.create(path, Map.of(), declarations));
        assertEquals(path + ": a tensor cannot be called __metadata__", failure.getMessage());
    }

    @Test
    void refusesATensorDeclaredTwice() {
        Path path = folder.resolve("x.safetensors");
        var declaration = new Declaration("a", DType.U8, List.of(1L));
        var failure = assertThrows(
                UnavailableFailure.class,
                () -> SafetensorsWriter.create(path, Map.of(), List.of(declaration, declaration)));
        assertEquals(path + ": tensor 'a' is declared twice", failure.getMessage());
    }

    @Test
    void refusesToCommitWhileATensorIsMissing() throws IOException {
        Path path = folder.resolve("x.safetensors");
        try (var writer =
                SafetensorsWriter.create(path, Map.of(), List.of(new Declaration("a", DType.U8, List.of(1L))))) {
            assertThrows(IllegalStateException.class, writer::commit);
        }
        assertEquals(List.of(), children());
    }

    @Test
    void refusesDataOfAnotherLength() {
        Path path = folder.resolve("x.safetensors");
        try (var writer =
                SafetensorsWriter.create(path, Map.of(), List.of(new Declaration("a", DType.F32, List.of(1L))))) {
            assertThrows(IllegalArgumentException.class, () -> writer.write("a", bytes(1)));
        }
    }

    @Test
    void namesTheFileThatCannotBeWritten() {
        Path path = folder.resolve("absent/x.safetensors");
        var failure = assertThrows(UnavailableFailure.class, () -> SafetensorsWriter.create(path, Map.of(), List.of()));
        assertEquals(path + ": cannot be written", failure.getMessage().split(": java")[0]);
    }

    private List<Path> children() throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        }
    }

    private static MemorySegment bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) bytes[i] = (byte) values[i];
        return MemorySegment.ofArray(bytes);
    }
}
