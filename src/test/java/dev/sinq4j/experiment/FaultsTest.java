package dev.sinq4j.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.config.ExperimentConfig;
import dev.sinq4j.experiment.ExperimentRunner.Outcome;
import dev.sinq4j.experiment.Quickstart.Recorder;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.progress.Progress;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.CellResult.Status;
import dev.sinq4j.results.ResultsStore;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/reliability.md lists and no other test repeats. */
class FaultsTest {

    private static final long DEADLINE_SECONDS = 10;

    @TempDir
    Path folder;

    @Test
    void aCellThatRunsOutOfMemoryIsStoredAsFailedAndTheOthersGoOn() throws IOException {
        ExperimentConfig config = Quickstart.config(folder, "[{method: rtn, bits: [4, 3, 2]}]");
        Progress exhausted = (name, steps) -> {
            if (name.startsWith("rtn 3 bits")) throw new OutOfMemoryError("Java heap space");
            return Progress.SILENT.begin(name, steps);
        };
        Recorder recorder = new Recorder();
        assertEquals(new Outcome(2, 0, 1), Quickstart.run(config, folder.resolve("out"), recorder, exhausted));
        assertEquals(
                List.of(Status.OK, Status.FAILED, Status.OK),
                recorder.stored.stream().map(CellResult::status).toList());
        assertTrue(recorder.stored.get(1).error().startsWith("out of memory (Java heap space), with a heap of "));
        assertEquals(new Outcome(1, 2, 0), Quickstart.run(config, folder.resolve("out"), new Recorder()));
    }

    @Test
    void aTruncatedModelIsNamedAndWhatCameBeforeIsStored() throws IOException {
        Path truncated = Files.createDirectories(folder.resolve("truncated"));
        try (Stream<Path> files = Files.list(Path.of("experiments/quickstart/model"))) {
            for (Path file : files.toList()) Files.copy(file, truncated.resolve(file.getFileName()));
        }
        Path weights = truncated.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        Files.write(weights, Arrays.copyOf(bytes, bytes.length - 1000));
        ExperimentConfig config = Quickstart.config(
                folder,
                "[{method: rtn, bits: 3}]",
                Quickstart.HEAD.replace("model}", "model}, {id: " + truncated + "}"));
        var error = assertThrows(
                UnavailableFailure.class, () -> Quickstart.run(config, folder.resolve("out"), new Recorder()));
        assertTrue(error.getMessage().startsWith("model.safetensors: tensor '"), error.getMessage());
        assertEquals(1, ResultsStore.read(folder.resolve("out")).cells().size());
        assertFalse(Files.exists(folder.resolve("out/results.lock")));
    }

    @Test
    void resultsFromTheFutureCountAsFinished() throws IOException {
        ExperimentConfig config = Quickstart.config(folder, "[{method: rtn, bits: 3}]");
        Path out = folder.resolve("out");
        Quickstart.run(config, out, new Recorder());
        Path results = out.resolve("results.jsonl");
        Files.writeString(
                results, Files.readString(results).replaceFirst("\"started\":\"\\d{4}", "\"started\":\"2199"));
        assertTrue(Files.readString(results).contains("\"started\":\"2199"));
        assertEquals(new Outcome(0, 1, 0), Quickstart.run(config, out, new Recorder()));
    }

    @Test
    void aRunToldToStopEndsInTimeAndLeavesWholeLinesAndNoLock() throws Exception {
        Path config = config();
        Path out = folder.resolve("out");
        Process run = RunProcess.of(config, out, folder.resolve("cache")).start();
        RunProcess.awaitLines(run, out, 1);
        run.destroy();
        assertTrue(run.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS), "still running after SIGTERM");
        assertEquals(143, run.exitValue());
        assertFalse(Files.exists(out.resolve("results.lock")));
        assertEquals(List.of(), ResultsStore.read(out).warnings());
        int stored = ResultsStore.read(out).cells().size();
        assertTrue(stored >= 1 && stored < 7, stored + " cells stored");
    }

    @Test
    void aFullDiskEndsTheRunWithWordsAndTheNextRunGoesOn() throws Exception {
        Assumptions.assumeTrue(new File("/bin/bash").canExecute(), "needs bash to limit the size of files");
        Path config = config();
        Path out = folder.resolve("out");
        // lines of about 5 kB do not fit for long; the JVM gets an error from the system, as from a full disk
        ProcessBuilder limited = RunProcess.of(config, out, folder.resolve("cache"), "-XX:-UsePerfData");
        limited.command().addAll(0, List.of("/bin/bash", "-c", "trap '' XFSZ; ulimit -f 12; exec \"$@\"", "bash"));
        Process run = limited.redirectOutput(ProcessBuilder.Redirect.PIPE).start(); // a pipe has no size
        String text = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = RunProcess.finish(run);
        assertEquals(3, status, text);
        assertTrue(
                text.contains(
                        out.resolve("results.jsonl") + ": cannot be written (IO: File too large); free some space"),
                text);
        List<String> survivors = Files.readAllLines(out.resolve("results.jsonl"));
        assertTrue(!survivors.isEmpty() && survivors.size() < 7, survivors.size() + " cells stored");
        assertEquals(
                0,
                RunProcess.finish(
                        RunProcess.of(config, out, folder.resolve("cache")).start()));
        List<String> lines = Files.readAllLines(out.resolve("results.jsonl"));
        assertEquals(survivors, lines.subList(0, survivors.size()));
        assertEquals(7, lines.size());
    }

    private Path config() throws IOException {
        return Files.writeString(
                folder.resolve("faults.yaml"),
                Quickstart.HEAD
                        + "methods: [{method: none}, {method: rtn, bits: [4, 3, 2]}, {method: sinq, bits: [4, 3, 2]}]\n"
                        + "report: {tables: [csv], figures: [], page: false}\n");
    }
}
