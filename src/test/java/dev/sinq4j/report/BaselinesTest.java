package dev.sinq4j.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.report.ReportSettings.TableFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The committed results: what stands in their tables is what their {@code results.jsonl} and answers say. */
class BaselinesTest {

    private static final Path BASELINES = Path.of("results/baselines");

    @TempDir
    Path made;

    @TestFactory
    Stream<DynamicTest> everyCommittedTableIsMadeAgainByteForByte() throws IOException {
        return withTables()
                .map(baseline -> DynamicTest.dynamicTest(baseline.toString(), () -> {
                    Path out = made.resolve(baseline.getFileName());
                    ReportFiles files = Report.write(
                            List.of(baseline),
                            out,
                            new ReportSettings(List.of(TableFormat.values()), List.of(), false));
                    assertEquals(List.of(), files.warnings());
                    for (Path table : files(baseline.resolve("tables"))) {
                        Path again = out.resolve("tables").resolve(table.getFileName());
                        assertTrue(Files.exists(again), () -> table + " is not made from " + baseline);
                        assertEquals(
                                Files.readString(table),
                                Files.readString(again),
                                () -> table + " differs from " + again);
                    }
                }));
    }

    /** So that no reader takes a small model's order of methods for more than its intervals support. */
    @TestFactory
    Stream<DynamicTest> theExperimentsPageSaysWhatBecameOfThePapersOrders() throws IOException {
        String page = Files.readString(Path.of("experiments/README.md"));
        return withTables()
                .filter(baseline -> Files.exists(baseline.resolve("tables/paper-order.md")))
                .map(baseline -> DynamicTest.dynamicTest(baseline.toString(), () -> {
                    String summary = Files.readAllLines(baseline.resolve("tables/paper-order.md")).stream()
                            .filter(line -> line.matches("- [0-9]+ orders?: .*"))
                            .findFirst()
                            .orElseThrow()
                            .replaceFirst("- [0-9]+ orders?: ", "")
                            .replaceFirst("\\.$", "");
                    String table = baseline.getFileName().toString().replaceFirst("-small$", "");
                    assertTrue(page.contains("| `" + table + "` | " + summary + " |"), table + " | " + summary);
                }));
    }

    private static Stream<Path> withTables() throws IOException {
        return files(BASELINES).stream().filter(folder -> Files.isDirectory(folder.resolve("tables")));
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
