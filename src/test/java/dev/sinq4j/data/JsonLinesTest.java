package dev.sinq4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {

    @TempDir
    Path folder;

    @Test
    void packedLinesAreReadAsPlainOnes() throws IOException {
        Path file = folder.resolve("texts.jsonl.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("{\"text\": \"one\"}\n\n{\"text\": \"two\"}\n".getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(
                "[{\"text\":\"one\"}, {\"text\":\"two\"}]",
                JsonLines.readAll(file).toString());
    }

    @Test
    void aSmallFileThatUnpacksToOneEndlessLineIsRefused() throws IOException {
        Path file = folder.resolve("bomb.jsonl.gz");
        byte[] blanks = new byte[1 << 20];
        Arrays.fill(blanks, (byte) ' ');
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < 32; i++) out.write(blanks);
        }
        long packed = Files.size(file);
        var error = assertThrows(UnavailableFailure.class, () -> JsonLines.readAll(file));
        assertEquals(
                file + " cannot be read after line 0: its " + packed + " bytes unpack to more than 200 times as many,"
                        + " which no text does; unpack the file yourself if it is what you want",
                error.getMessage());
    }
}
