package dev.sinq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.progress.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LoggingTest {

    @TempDir
    Path folder;

    @Test
    void aRunsFileHoldsWhatWasSaidLoggedAndWhatFailed() throws IOException {
        Path file = folder.resolve("results/e/log.txt");
        Logging.alsoTo(file);
        new Console(System.out, false, true, Progress.SILENT).say("3 cells to compute\n");
        LoggerFactory.getLogger("dev.sinq4j.Anything").info("a detail");
        Mistakes.report(new IOException("No space left on device"), new PrintWriter(Writer.nullWriter()));
        List<String> lines = Files.readAllLines(file);
        String time = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z ";
        assertTrue(lines.get(0).matches(time + "INFO  run: 3 cells to compute"), lines.get(0));
        assertTrue(lines.get(1).matches(time + "INFO  Anything: a detail"), lines.get(1));
        assertTrue(lines.get(2).matches(time + "ERROR run: failed"), lines.get(2));
        assertEquals("java.io.IOException: No space left on device", lines.get(3));
        assertTrue(lines.get(4).startsWith("\tat dev.sinq4j.cli.LoggingTest."), lines.get(4));
    }
}
