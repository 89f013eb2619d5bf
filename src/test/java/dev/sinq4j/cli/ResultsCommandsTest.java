package dev.sinq4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that work on stored results, as continuous integration calls them. */
class ResultsCommandsTest {

    private static final Path BASELINE = Path.of("results/baselines/ci");

    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    @BeforeEach
    void listen() {
        System.setOut(new PrintStream(out, true, UTF_8));
        System.setErr(new PrintStream(err, true, UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    @Test
    void equalResultsPassAndEveryFormIsWrittenIntoFoldersMadeForIt() throws IOException {
        Path markdown = folder.resolve("artifacts/summary.md");
        Path junit = folder.resolve("artifacts/junit/accuracy.xml");
        assertEquals(0, compare("--markdown", markdown.toString(), "--junit", junit.toString()));
        assertEquals("passed: 26 figures compared, 0 improved\n", out.toString(UTF_8));
        assertTrue(Files.readString(markdown).startsWith("### Accuracy: passed"));
        assertTrue(Files.readString(junit).contains("<testsuite name=\"accuracy\" tests=\"26\" failures=\"0\""));
    }

    @Test
    void aWorseFigureIsStatus1() throws IOException {
        candidate(lines -> lines.replaceFirst("\"relative_weight_error\":0\\.", "\"relative_weight_error\":9."));
        assertEquals(1, compare());
        assertTrue(out.toString(UTF_8).startsWith("REGRESSION: rtn "), out.toString(UTF_8));
    }

    @Test
    void aCellLessIsStatus1() throws IOException {
        candidate(lines -> lines.substring(lines.indexOf('\n') + 1));
        assertEquals(1, compare("--json"));
        JsonNode verdict = new ObjectMapper().readTree(out.toString(UTF_8));
        assertEquals(1, verdict.required("failures").intValue());
        assertEquals(
                "missing cell",
                verdict.required("findings").required(0).required("outcome").textValue());
    }

    @Test
    void aMistakenToleranceIsStatus2() throws IOException {
        Path tolerance = Files.writeString(folder.resolve("tolerance.yaml"), "perplexity: {relativ: 1}\n");
        assertEquals(2, compare("--tolerance", tolerance.toString()));
        assertTrue(err.toString(UTF_8).contains("did you mean 'relative'?"), err.toString(UTF_8));
    }

    @Test
    void resultsThatAreNotThereAreStatus3() {
        assertEquals(3, Main.execute("compare", folder.toString(), BASELINE.toString()));
    }

    @Test
    void jsonNamesTheWrittenFilesAsPaths() throws IOException {
        candidate(UnaryOperator.identity());
        assertEquals(0, Main.execute("report", "--json", folder.toString()));
        JsonNode written = new ObjectMapper().readTree(out.toString(UTF_8)).required("written");
        assertEquals(
                folder.resolve("tables/main.md").toString(), written.required(0).textValue());
    }

    /** Compares the candidate, by default equal to the baseline. */
    private int compare(String... options) throws IOException {
        if (!Files.exists(folder.resolve("results.jsonl"))) candidate(UnaryOperator.identity());
        List<String> arguments = new ArrayList<>(List.of("compare", folder.toString(), BASELINE.toString()));
        arguments.addAll(List.of(options));
        return Main.execute(arguments.toArray(String[]::new));
    }

    private void candidate(UnaryOperator<String> change) throws IOException {
        String lines = Files.readString(BASELINE.resolve("results.jsonl"));
        Files.writeString(folder.resolve("results.jsonl"), change.apply(lines));
    }
}
