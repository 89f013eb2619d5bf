package dev.sinq4j.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.ResultsStore;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The method of docs/add-a-method.md, compiled as it stands there and run in a process of its own. */
class ExtensionTest {

    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final long PATIENCE_SECONDS = 120;

    @TempDir
    Path folder;

    private Path extension;

    @BeforeEach
    void compileThePage() throws IOException {
        Matcher block = JAVA_BLOCK.matcher(Files.readString(Path.of("docs/add-a-method.md")));
        assertTrue(block.find(), "no java block on the page");
        extension = Files.createDirectories(folder.resolve("ext"));
        Path source = Files.writeString(folder.resolve("PowerOfTwo.java"), block.group(1));
        int errors = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", extension.toString(), "-cp", classPath(), source.toString());
        assertEquals(0, errors);
        register("example.PowerOfTwo");
    }

    @Test
    void aMethodFromOutsideGetsItsRowInEveryTable() throws Exception {
        Path out = folder.resolve("out");
        String said = sinq4j(0, "run", config("bits: [4, 2]"), "--out", out.toString());
        List<CellResult> cells = ResultsStore.read(out).cells();
        assertEquals(3, cells.size(), said);
        CellResult four = cells.get(1);
        assertEquals("example/power-of-two", four.method());
        double dense = cells.get(0).metrics().perplexity().get("stories").value();
        double quantized = four.metrics().perplexity().get("stories").value();
        // rounding to powers of two at 4 bits costs a little, and not nothing
        assertTrue(quantized > dense && quantized < 1.5 * dense, dense + " became " + quantized);
        assertEquals(Map.of("extension_version", "1"), four.options());
        // a power of two for each 64 weights: 4 + 16/64 bits, and one zero a layer
        assertEquals(4.25, four.metrics().memory().bitsPerWeight(), 0.01);
        String table = Files.readString(out.resolve("tables/main.md"));
        assertTrue(table.contains("example/power-of-two"), table);
        assertTrue(Files.readString(out.resolve("report.html")).contains("example/power-of-two"));
    }

    @Test
    void whatAnExtensionCannotDoIsRefusedByName() throws Exception {
        String said = sinq4j(2, "validate", config("bits: [5], tiling: 2d"));
        assertTrue(said.contains("5 is not one of those example/power-of-two can do: [4, 3, 2]"), said);
        assertTrue(said.contains("a method of an extension has bits and group only; leave it out"), said);
    }

    @Test
    void anExtensionThatCannotBeLoadedIsNamed() throws Exception {
        register("example.Missing");
        String said = sinq4j(2, "validate", config("bits: [4]"));
        assertTrue(said.contains("a method extension on the class path cannot be loaded"), said);
        assertTrue(said.contains("example.Missing"), said);
    }

    private void register(String provider) throws IOException {
        Path services = Files.createDirectories(extension.resolve("META-INF/services"));
        Files.writeString(services.resolve("dev.sinq4j.method.MethodExtension"), provider + "\n");
    }

    private String config(String settings) throws IOException {
        return Files.writeString(
                        folder.resolve("small.yaml"),
                        Quickstart.HEAD + "  memory: true\n"
                                + "methods: [{method: none}, {method: example/power-of-two, " + settings + "}]\n"
                                + "report: {tables: [md], figures: []}\n")
                .toString();
    }

    private String sinq4j(int status, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx1g",
                "-cp",
                classPath() + File.pathSeparator + extension,
                "dev.sinq4j.cli.Main"));
        command.addAll(List.of(arguments));
        Path said = folder.resolve("said.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "still running");
        String text = Files.readString(said, StandardCharsets.UTF_8);
        assertEquals(status, process.exitValue(), text);
        return text;
    }

    private static String classPath() {
        return System.getProperty("java.class.path");
    }
}
