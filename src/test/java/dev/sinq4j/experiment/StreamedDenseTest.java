package dev.sinq4j.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sinq4j.config.Catalog;
import dev.sinq4j.config.ConfigLoader;
import dev.sinq4j.config.ExperimentConfig;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.CpuBackend;
import dev.sinq4j.hub.FileSource;
import dev.sinq4j.model.ModelFiles;
import dev.sinq4j.progress.Progress;
import dev.sinq4j.results.Metrics;
import dev.sinq4j.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart's model, evaluated as if it did not fit in memory. */
class StreamedDenseTest {

    private static final Path MODEL = Path.of("experiments/quickstart/model");
    private static final FileSource NOWHERE = (repo, revision, file, argument) -> {
        throw new AssertionError("nothing may be fetched: " + repo);
    };

    @TempDir
    Path folder;

    @Test
    void aModelReadLayerByLayerHasTheFiguresOfTheModelInMemory() throws IOException {
        ExperimentConfig config = config();
        try (Backend backend = CpuBackend.create(2)) {
            List<Metrics> inMemory = run(config, backend, () -> Long.MAX_VALUE);
            List<Metrics> layerByLayer = run(config, backend, () -> 1);
            for (int cell = 0; cell < 2; cell++) {
                assertEquals(
                        inMemory.get(cell).perplexity(), layerByLayer.get(cell).perplexity());
                assertEquals(
                        inMemory.get(cell).divergence(), layerByLayer.get(cell).divergence());
            }
            assertNotNull(layerByLayer.get(1).divergence());
            assertEquals(
                    inMemory.get(0).memory().weightBytes(),
                    layerByLayer.get(0).memory().weightBytes());
            assertEquals(
                    inMemory.get(0).memory().quantizedParameters(),
                    layerByLayer.get(0).memory().quantizedParameters());
            assertNull(layerByLayer.get(0).throughput());
        }
    }

    @Test
    void aModelReadLayerByLayerAnswersQuestionsAsTheModelInMemory() throws IOException {
        StringBuilder questions = new StringBuilder();
        for (int i = 0; i < 9; i++)
            questions
                    .append("{\"goal\": \"Find toy ")
                    .append(i)
                    .append("\", \"sol1\": \"She went to the big park.\",")
                    .append(" \"sol2\": \"the of tree and so\"}\n");
        Files.writeString(folder.resolve("dev.jsonl"), questions);
        Files.writeString(folder.resolve("dev-labels.lst"), "1\n0\n0\n".repeat(3));
        ExperimentConfig config = config("tasks: {names: {name: piqa, jsonl: '" + folder.resolve("dev.jsonl") + "'}}");
        try (Backend backend = CpuBackend.create(2)) {
            List<Metrics> inMemory = run(config, backend, () -> Long.MAX_VALUE);
            List<Metrics> layerByLayer = run(config, backend, () -> 1);
            for (int cell = 0; cell < 2; cell++) {
                Metrics.Task expected = inMemory.get(cell).tasks().get("piqa");
                Metrics.Task streamed = layerByLayer.get(cell).tasks().get("piqa");
                assertEquals(expected.acc(), streamed.acc());
                assertEquals(expected.flips(), streamed.flips());
                for (int i = 0; i < 9; i++)
                    assertEquals(
                            expected.questions().get(i).loglikelihoods().getFirst(),
                            streamed.questions().get(i).loglikelihoods().getFirst(),
                            2e-4);
            }
        }
    }

    @Test
    void asManyWindowsGoTogetherAsThereIsRoomFor() {
        HostPlan plan = HostPlan.ofWindow(256);
        try (ModelFiles model = ModelFiles.open(MODEL)) {
            var architecture = model.architecture();
            long one = plan.layerByLayer(architecture, 1).bytes();
            long three = plan.layerByLayer(architecture, 3).bytes();
            assertEquals(1, plan.windowsAtOnce(architecture, 1, 10));
            assertEquals(1, plan.windowsAtOnce(architecture, one, 10));
            assertEquals(3, plan.windowsAtOnce(architecture, three, 10));
            assertEquals(2, plan.windowsAtOnce(architecture, Long.MAX_VALUE, 2));
        }
    }

    private List<Metrics> run(ExperimentConfig config, Backend backend, LongSupplier usable) {
        LocatedModel located = new LocatedModel(MODEL.toString(), ModelFiles.open(MODEL), Optional.of(MODEL));
        Calibrations calibrations = new Calibrations(folder);
        try (OpenModel model = new OpenModel(located, config, new Datasets(NOWHERE), calibrations)) {
            CellRunner runner = new CellRunner(config, backend, Optional.empty(), usable, Progress.SILENT);
            return Cells.of(config).stream()
                    .map(cell -> runner.run(cell, model))
                    .toList();
        }
    }

    private ExperimentConfig config() throws IOException {
        return config("divergence: {dataset: {name: stories, text: experiments/quickstart/stories.txt}, window: 128,"
                + " windows: 3}");
    }

    private ExperimentConfig config(String metric) throws IOException {
        Path file = folder.resolve("small.yaml");
        Files.writeString(file, Quickstart.HEAD.replace("windows: 2", "windows: 3") + """
              %s
            methods: [{method: none}, {method: rtn, bits: 3}]
            """.formatted(metric));
        return new ConfigLoader(new Catalog(List.of(), Tasks.names(), Calibrations.names())).load(file, List.of());
    }
}
