package dev.sinq4j.build;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourceFormatTest {

    @Test
    void everySourceIsInTheProjectsFormat() throws IOException {
        List<Path> unformatted = new ArrayList<>();
        for (Path source : SourceFormat.sources()) {
            String text = Files.readString(source);
            if (!SourceFormat.format(source, text).equals(text)) unformatted.add(source);
        }
        assertEquals(List.of(), unformatted, "run: mvn -q test-compile exec:java@format");
    }
}
