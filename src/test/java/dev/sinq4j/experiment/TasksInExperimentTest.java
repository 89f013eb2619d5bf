package dev.sinq4j.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.config.Catalog;
import dev.sinq4j.config.ConfigLoader;
import dev.sinq4j.config.ExperimentConfig;
import dev.sinq4j.experiment.ExperimentRunner.Outcome;
import dev.sinq4j.experiment.Quickstart.Recorder;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics.Task;
import dev.sinq4j.results.ResultsStore;
import dev.sinq4j.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Made-up questions put to the quickstart's model. */
class TasksInExperimentTest {

    @TempDir
    Path folder;

    @BeforeEach
    void writeQuestions() throws IOException {
        StringBuilder questions = new StringBuilder();
        StringBuilder labels = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            questions.append("{\"goal\": \"Find toy ").append(i);
            questions.append("\", \"sol1\": \"She went to the big park.\", \"sol2\": \"the of tree and so\"}\n");
            labels.append(i % 3 == 0 ? "1\n" : "0\n");
        }
        Files.writeString(folder.resolve("dev.jsonl"), questions);
        Files.writeString(folder.resolve("dev-labels.lst"), labels);
    }

    private ExperimentConfig config(String methods, String tasks) throws IOException {
        Path file = folder.resolve("small.yaml");
        Files.writeString(file, """
            experiment: small
            models: [{id: experiments/quickstart/model}]
            methods: %s
            metrics: {tasks: %s}
            """.formatted(
                methods, tasks.replace("DEV", folder.resolve("dev.jsonl").toString())));
        return new ConfigLoader(new Catalog(List.of(), Tasks.names(), Calibrations.names())).load(file, List.of());
    }

    @Test
    void answersAreComparedWithTheDenseModelsAndKeptInAFileOfTheirOwn() throws IOException {
        ExperimentConfig config =
                config("[{method: none}, {method: rtn, bits: 2}]", "{names: {name: piqa, jsonl: DEV}, limit: 9}");
        Quickstart.run(config, folder.resolve("out"), new Recorder());
        List<CellResult> cells = ResultsStore.read(folder.resolve("out")).cells();
        Task dense = cells.get(0).metrics().tasks().get("piqa");
        Task quantized = cells.get(1).metrics().tasks().get("piqa");
        assertEquals(9, dense.n());
        assertEquals(6.0 / 9, dense.acc(), 1e-12);
        assertNull(dense.flips());
        assertEquals(9, quantized.questions().size());
        assertEquals(quantized.againstDense().changed() / 9.0, quantized.flips(), 1e-12);
        assertTrue(Files.exists(folder.resolve("out").resolve(quantized.questionsFile())));
        assertFalse(Files.readString(folder.resolve("out/results.jsonl")).contains("loglikelihoods"));
        assertEquals(
                List.of("piqa", "piqa labels"),
                cells.get(0).provenance().datasetSha256().keySet().stream()
                        .sorted()
                        .toList());
    }

    @Test
    void theDenseModelIsAskedWhereItIsNoCellAndRememberedWhereItWas() throws IOException {
        String tasks = "{names: {name: piqa, jsonl: DEV}}";
        Path out = folder.resolve("out");
        assertEquals(
                new Outcome(1, 0, 0), Quickstart.run(config("[{method: rtn, bits: 2}]", tasks), out, new Recorder()));
        Task alone = ResultsStore.read(out).cells().getFirst().metrics().tasks().get("piqa");
        Quickstart.run(config("[{method: none}]", tasks), folder.resolve("other"), new Recorder());
        Quickstart.run(
                config("[{method: none}, {method: rtn, bits: 2}]", tasks), folder.resolve("other"), new Recorder());
        Task remembered = ResultsStore.read(folder.resolve("other"))
                .cells()
                .getLast()
                .metrics()
                .tasks()
                .get("piqa");
        assertEquals(alone.againstDense(), remembered.againstDense());
        assertEquals(alone.questions(), remembered.questions());
    }

    @Test
    void examplesComeFromTheirFile() throws IOException {
        Files.copy(folder.resolve("dev.jsonl"), folder.resolve("train.jsonl"));
        Files.copy(folder.resolve("dev-labels.lst"), folder.resolve("train-labels.lst"));
        String tasks = "{names: {name: piqa, jsonl: DEV, examples: " + folder.resolve("train.jsonl")
                + "}, shots: 2, limit: 3, bos: true}";
        Quickstart.run(config("[{method: none}]", tasks), folder.resolve("out"), new Recorder());
        Task task = ResultsStore.read(folder.resolve("out"))
                .cells()
                .getFirst()
                .metrics()
                .tasks()
                .get("piqa");
        assertEquals(2, task.shots());
        assertTrue(task.bos());
    }

    @Test
    void aMissingAnswersFileIsSaidAndTheFiguresStay() throws IOException {
        ExperimentConfig config = config("[{method: none}]", "{names: {name: piqa, jsonl: DEV}}");
        Quickstart.run(config, folder.resolve("out"), new Recorder());
        Task task = ResultsStore.read(folder.resolve("out"))
                .cells()
                .getFirst()
                .metrics()
                .tasks()
                .get("piqa");
        Files.delete(folder.resolve("out").resolve(task.questionsFile()));
        var stored = ResultsStore.read(folder.resolve("out"));
        assertEquals(12, stored.cells().getFirst().metrics().tasks().get("piqa").n());
        assertEquals(1, stored.warnings().size());
        assertTrue(stored.warnings().getFirst().endsWith(": is not there, so single answers cannot be compared"));
    }
}
