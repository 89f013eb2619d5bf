package dev.sinq4j.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every configuration below experiments/ loads, and no two write into one folder of results. */
class ExperimentsTest {

    @TestFactory
    Stream<DynamicTest> everyConfigurationAmongTheExperimentsLoads() throws IOException {
        return configurations().stream()
                .map(file -> DynamicTest.dynamicTest(
                        file.toString(),
                        () -> assertEquals(
                                List.of(),
                                new ConfigLoader(Catalogs.SMALL)
                                        .read(file, List.of())
                                        .problems())));
    }

    @Test
    void noTwoExperimentsShareAName() throws IOException {
        Set<String> names = new HashSet<>();
        for (Path file : configurations()) {
            String name = new ConfigLoader(Catalogs.SMALL).load(file, List.of()).experiment();
            assertTrue(names.add(name), file + ": " + name + " names another experiment already");
        }
    }

    private static List<Path> configurations() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("experiments"), 2)) {
            return files.filter(file -> {
                        String name = file.getFileName().toString();
                        return name.equals("config.yaml") || name.equals("small.yaml");
                    })
                    .sorted()
                    .toList();
        }
    }
}
