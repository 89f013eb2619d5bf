package dev.sinq4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.experiment.ProgramVersion;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.failure.UsageFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

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
    void withoutACommandTheUsageIsShownAndTheStatusIs2() {
        assertEquals(2, Main.execute());
        assertTrue(err().startsWith("Usage: sinq4j [-hV] COMMAND"), err());
        assertEquals("", out());
    }

    @Test
    void anUnknownCommandGetsTheNearest() {
        assertEquals(2, Main.execute("docter"));
        assertEquals(
                "sinq4j: Unmatched argument at index 0: 'docter'; did you mean 'doctor'?\nSee sinq4j --help\n", err());
    }

    @Test
    void anUnknownOptionGetsTheNearest() {
        assertEquals(2, Main.execute("doctor", "--jsn"));
        assertEquals(
                "sinq4j doctor: Unknown option: '--jsn'; did you mean '--json'?\nSee sinq4j doctor --help\n", err());
    }

    @Test
    void aMissingModelIsStatus3() {
        assertEquals(3, Main.execute("inspect", "no/such/model"));
        assertEquals("no/such/model: no such file or folder\n", err());
        assertEquals("", out());
    }

    @Test
    void everyCommandHasAHelpText() {
        for (String command : Main.commandLine().getSubcommands().keySet()) {
            out.reset();
            assertEquals(0, Main.execute(command, "--help"), command);
            assertTrue(out().startsWith("Usage: sinq4j " + command), out());
            assertEquals("", err(), "a percent sign that picocli takes for a format");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "doctor --help", "inspect --help"})
    void nothingIsColouredWithoutATerminal(String arguments) {
        Main.execute(arguments.split(" "));
        assertFalse(out().contains("\u001b"), out());
    }

    @Test
    void withJsonStandardOutputIsOneObject() {
        Main.execute("doctor", "--json");
        assertTrue(out().startsWith("{\n  \"version\" : \"") && out().endsWith("}\n"), out());
    }

    @Test
    void theVersionIsTheBuilds() {
        assertTrue(ProgramVersion.text().matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?"), ProgramVersion.text());
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("mistakes")
    void mistakesEndInWordsAndAStatus(Throwable mistake, String expected, int status) {
        StringWriter words = new StringWriter();
        assertEquals(status, Mistakes.report(mistake, new PrintWriter(words, true)));
        assertEquals(expected + System.lineSeparator(), words.toString());
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(new UsageFailure("c.yaml:1:1: seed: wrong"), "c.yaml:1:1: seed: wrong", 2),
                Arguments.of(new UnavailableFailure("no CUDA device"), "no CUDA device", 3),
                Arguments.of(new NoSuchFileException("x.txt"), "x.txt: no such file", 3),
                Arguments.of(
                        new UncheckedIOException(new IOException("No space left on device")),
                        "No space left on device",
                        3));
    }

    @Test
    void aDefectIsOneLineThatNamesTheStackTracesFile() throws IOException {
        StringWriter words = new StringWriter();
        assertEquals(1, Mistakes.report(new IllegalStateException("odd"), new PrintWriter(words, true)));
        String line = words.toString().strip();
        String before = "unexpected java.lang.IllegalStateException: odd; the stack trace is in ";
        assertTrue(line.startsWith(before), line);
        Path trace = Path.of(line.substring(before.length()));
        assertTrue(Files.readString(trace).contains("at dev.sinq4j.cli.MainTest"));
        Files.delete(trace);
    }

    private String out() {
        return out.toString(UTF_8);
    }

    private String err() {
        return err.toString(UTF_8);
    }
}
