package dev.sinq4j.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.paper.Measure.Kind;
import dev.sinq4j.paper.PaperNumber.Conditions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class PaperFileTest {

    private static final String HEAD = """
        source: {arxiv: "2509.22944", version: v4, place: Table 1}
        title: Made up
        setting: {group: 64, aux: fp16, window: 2048}
        models: [org/small, org/large]
        columns: [memory-gb, perplexity/wiki]
        rows:
        """;

    @TempDir
    Path folder;

    @Test
    void valuesStandModelByModelAndColumnByColumn() {
        PaperTable table = read(HEAD + """
              - {method: none, name: BF16, values: 3.44 / 16.70 | 29.54 / -}
              - {method: sinq, bits: 3, setting: {aux: int8}, values: 1.28/22.39|9.25/9.33}
            """);
        Conditions all = new Conditions(64, null, "fp16", 2048, null);
        Conditions own = new Conditions(64, null, "int8", 2048, null);
        Measure memory = new Measure(Kind.MEMORY_GB, null, null);
        Measure perplexity = new Measure(Kind.PERPLEXITY, "wiki", null);
        assertEquals(
                List.of(
                        new PaperNumber("Table 1", "org/small", "none", "BF16", 16, false, all, memory, 3.44),
                        new PaperNumber("Table 1", "org/small", "sinq", "sinq", 3, false, own, memory, 1.28),
                        new PaperNumber("Table 1", "org/small", "none", "BF16", 16, false, all, perplexity, 16.70),
                        new PaperNumber("Table 1", "org/small", "sinq", "sinq", 3, false, own, perplexity, 22.39),
                        new PaperNumber("Table 1", "org/large", "none", "BF16", 16, false, all, memory, 29.54),
                        new PaperNumber("Table 1", "org/large", "sinq", "sinq", 3, false, own, memory, 9.25),
                        new PaperNumber("Table 1", "org/large", "sinq", "sinq", 3, false, own, perplexity, 9.33)),
                table.numbers());
    }

    @Test
    void everyMistakeIsReportedWithItsPlace() {
        assertEquals("""
            FILE:3:11: columns[0]: 'size' is no measure; there are memory-gb, perplexity/NAME, flips-percent/NAME, accuracy-percent/NAME, quantization-seconds
            FILE:4:10: claims[0]: no row has the method 'asinq'
            FILE:7:36: rows[0].values: values of 1 models, but models names 2; put '|' between models
            FILE:8:36: rows[1].values: '1' has 1 values, but columns names 2; put '/' between columns
            FILE:9:36: rows[2].values: '4,5' is not a number or '-'
            FILE:10:5: rows[3]: a row of this method, bits, presinq and setting stands twice\
            """, failure("""
                source: {arxiv: "2509.22944", version: v4, place: Table 1}
                title: Made up
                columns: [size, memory-gb]
                claims: [asinq]
                models: [a/b, c/d]
                rows:
                  - {method: rtn, bits: 3, values: 1 / 2}
                  - {method: rtn, bits: 4, values: 1 | 1 / 2}
                  - {method: hqq, bits: 3, values: "1 / 2 | 4,5 / 2"}
                  - {method: hqq, bits: 3, values: 1 / 2 | 3 / 4}
                """));
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        var error = assertThrows(UsageFailure.class, () -> PaperFile.read(folder.resolve("none.yaml")));
        assertEquals(
                folder.resolve("none.yaml") + ": the paper's numbers cannot be read (NoSuchFileException)",
                error.getMessage());
    }

    @TestFactory
    Stream<DynamicTest> everyFileAmongTheExperimentsIsRead() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of("experiments"))) {
            List<Path> files = folders.map(each -> each.resolve("paper.yaml"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
            return files.stream()
                    .map(file -> DynamicTest.dynamicTest(
                            file.toString(),
                            () -> assertTrue(!PaperFile.read(file).numbers().isEmpty())));
        }
    }

    private PaperTable read(String text) {
        return PaperFile.read(file(text));
    }

    private String failure(String text) {
        Path file = file(text);
        var error = assertThrows(UsageFailure.class, () -> PaperFile.read(file));
        return error.getMessage().replace(file.toString(), "FILE");
    }

    private Path file(String text) {
        try {
            return Files.writeString(folder.resolve("table.yaml"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
