package dev.sinq4j.experiment;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code run} as a process of its own, to do it harm. */
final class RunProcess {

    static final long PATIENCE_SECONDS = 300;

    private RunProcess() {}

    /** A process that runs a configuration and says nothing. */
    static ProcessBuilder of(Path config, Path out, Path cache, String... options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx1g"));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                "dev.sinq4j.cli.Main",
                "run",
                config.toString(),
                "--out",
                out.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("HF_HUB_OFFLINE", "1");
        builder.environment().put("SINQ4J_CACHE", cache.toString());
        return builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    }

    /** The exit status. */
    static int finish(Process run) throws InterruptedException {
        assertTrue(run.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "still running");
        return run.exitValue();
    }

    /** Returns when so many results are stored. */
    static void awaitLines(Process run, Path out, int lines) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < end && run.isAlive() && wholeLines(out).size() < lines) Thread.sleep(5);
        assertTrue(run.isAlive(), "the run ended before it could be harmed");
    }

    /** Lines that end; a kill may leave the beginning of one behind them, which the next run moves aside. */
    static List<String> wholeLines(Path out) throws IOException {
        Path file = out.resolve("results.jsonl");
        if (!Files.exists(file)) return List.of();
        String text = Files.readString(file);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }
}
