package dev.sinq4j.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.config.Catalog;
import dev.sinq4j.config.ConfigLoader;
import dev.sinq4j.config.ConfigWriter;
import dev.sinq4j.config.ExperimentConfig;
import dev.sinq4j.experiment.Calibrations;
import dev.sinq4j.experiment.Cell;
import dev.sinq4j.experiment.Cells;
import dev.sinq4j.experiment.Cluster;
import dev.sinq4j.experiment.Experiment;
import dev.sinq4j.experiment.ExperimentRunner.Outcome;
import dev.sinq4j.experiment.ModelLocator;
import dev.sinq4j.experiment.RemoteOutcome;
import dev.sinq4j.experiment.RemoteOutcome.Computed;
import dev.sinq4j.experiment.RemoteOutcome.Lost;
import dev.sinq4j.experiment.RunListener;
import dev.sinq4j.experiment.WorkOrder;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.hub.FileSource;
import dev.sinq4j.progress.Progress;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.ResultsMerge;
import dev.sinq4j.results.ResultsStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real Spark: inside this process, and as a cluster of processes one of which is killed. */
class ClusterTest {

    private static final String TWELVE = "[{method: none}, {method: rtn, bits: [8, 6, 5, 4, 3, 2]}, {method: sinq,"
            + " bits: [4, 3]}, {method: hqq, bits: [4, 3]}, {method: asinq, bits: 4, calibration: {text:"
            + " experiments/quickstart/calibration.txt, tokens: 64, blocks: 1}}]";
    private static final List<String> OURS =
            List.of("spark.executor.memory", "spark.driver.host", "spark.locality.wait");

    @TempDir
    Path folder;

    @BeforeEach
    void smallExecutors() {
        System.setProperty("spark.executor.memory", "1g");
        System.setProperty("spark.driver.host", "127.0.0.1");
        System.setProperty("spark.locality.wait", "1s");
    }

    @AfterEach
    void restore() {
        OURS.forEach(System::clearProperty);
    }

    @Test
    void aWorkerKilledInTheMiddleCostsNothingAndTheFiguresAreThoseOfALocalRun() throws Exception {
        Experiment experiment = experiment(TWELVE);
        try (StandaloneCluster cluster = new StandaloneCluster(folder, 2)) {
            Heard heard = new Heard(() -> cluster.kill(0));
            assertEquals(new Outcome(12, 0, 0), onCluster(experiment, heard, cluster.address()));
            assertEquals(12, heard.stored.size());
        }
        List<String> lines = Files.readAllLines(folder.resolve("cluster/results.jsonl"));
        assertEquals(12, lines.size());
        assertEquals(12, new HashSet<>(cells("cluster")).size());
        locally(experiment);
        ResultsMerge.Merged both =
                ResultsMerge.into(folder.resolve("both"), List.of(folder.resolve("local"), folder.resolve("cluster")));
        assertEquals(new ResultsMerge.Merged(12, 12, 12, List.of(), List.of()), both);
    }

    @Test
    void aRunToldToStopEndsInTimeKeepsWhatIsStoredAndLeavesNoExecutorAtWork() throws Exception {
        experiment(TWELVE);
        try (StandaloneCluster cluster = new StandaloneCluster(folder, 1)) {
            Process run = run(cluster.address());
            Path results = folder.resolve("cluster/results.jsonl");
            while (run.isAlive()
                    && !(Files.exists(results) && Files.readString(results).contains("\n"))) Thread.sleep(20);
            run.destroy();
            assertTrue(run.waitFor(10, TimeUnit.SECONDS), "still running after SIGTERM");
            assertEquals(143, run.exitValue());
            assertTrue(cluster.isIdleWithin(20), "an executor still runs");
        }
        assertEquals(List.of(), ResultsStore.read(folder.resolve("cluster")).warnings());
        int stored = cells("cluster").size();
        assertTrue(stored >= 1 && stored < 12, stored + " cells stored");
        assertFalse(Files.exists(folder.resolve("cluster/results.lock")));
    }

    @Test
    void aCellWithoutAnAnswerIsTriedFourTimesAndTheOthersGoOn() throws IOException {
        Experiment experiment = experiment("[{method: rtn, bits: [4, 3]}]");
        WorkOrder order = new WorkOrder(
                ConfigWriter.yaml(experiment.config()),
                Path.of("").toAbsolutePath().toString(),
                "test",
                "",
                1,
                Set.of());
        List<RemoteOutcome> outcomes = new ArrayList<>();
        // the configuration has no cell 7: the task ends with an exception each time
        new SparkCluster().compute(new Cluster.Work("small", "local[1]", order, List.of(0, 7, 1)), outcomes::add);
        assertEquals(
                Set.of(0, 1),
                outcomes.stream()
                        .filter(Computed.class::isInstance)
                        .map(RemoteOutcome::cell)
                        .collect(Collectors.toSet()));
        List<Lost> lost = outcomes.stream()
                .filter(Lost.class::isInstance)
                .map(Lost.class::cast)
                .toList();
        assertEquals(3, outcomes.size());
        assertEquals(7, lost.getFirst().cell());
        assertTrue(
                lost.getFirst().message().startsWith("no answer after 4 attempts; the last one: java.lang.Index"),
                lost.getFirst().message());
    }

    @Test
    void aRunInThisProcessStoresWhatALocalRunStoresAndKeepsWhatIsThere() throws IOException {
        Experiment experiment = experiment("[{method: none}, {method: rtn, bits: 3}, {method: sinq, bits: 3}]");
        assertEquals(new Outcome(3, 0, 0), onCluster(experiment, new Heard(() -> {}), "local[2]"));
        Heard again = new Heard(() -> {});
        assertEquals(new Outcome(0, 3, 0), onCluster(experiment, again, "local[2]"));
        assertEquals(3, again.kept.size());
        locally(experiment);
        assertEquals(cells("local"), cells("cluster"));
        assertEquals(
                List.of(),
                ResultsMerge.into(folder.resolve("both"), List.of(folder.resolve("local"), folder.resolve("cluster")))
                        .conflicts());
        assertFalse(Files.exists(folder.resolve("cluster/results.lock")));
    }

    @Test
    void aDamagedModelIsNamedAndTheOthersCellsAreStored() throws IOException {
        Path damaged = Files.createDirectories(folder.resolve("damaged"));
        try (Stream<Path> files = Files.list(Path.of("experiments/quickstart/model"))) {
            for (Path file : files.toList()) Files.copy(file, damaged.resolve(file.getFileName()));
        }
        Path weights = damaged.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        Files.write(weights, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        Experiment experiment =
                experiment(List.of(damaged.toString(), "experiments/quickstart/model"), "[{method: rtn, bits: 3}]");
        var error =
                assertThrows(UnavailableFailure.class, () -> onCluster(experiment, new Heard(() -> {}), "local[2]"));
        assertTrue(error.getMessage().contains("model.safetensors"), error.getMessage());
        assertEquals(1, cells("cluster").size());
    }

    @Test
    void aMasterThatIsNoneIsRefusedInWords() throws IOException {
        Experiment experiment = experiment("[{method: none}]");
        var error = assertThrows(
                UnavailableFailure.class, () -> onCluster(experiment, new Heard(() -> {}), "sprak://host:1"));
        assertEquals(
                "--cluster sprak://host:1: Could not parse Master URL: 'sprak://host:1'; expected local[N],"
                        + " spark://HOST:PORT, yarn or k8s://HOST:PORT",
                error.getMessage().replaceAll("\\[[A-Z_0-9]+] ", "").replaceAll(" SQLSTATE: \\w+", ""));
    }

    /** The program as a process of its own, with the configuration written last. */
    private Process run(String master) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-Xmx512m",
                "-Dspark.executor.memory=1g",
                "-Dspark.driver.host=127.0.0.1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.sinq4j.cli.Main",
                "run",
                folder.resolve("small.yaml").toString(),
                "--cluster",
                master,
                "--out",
                folder.resolve("cluster").toString());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("run.log").toFile())
                .start();
    }

    private Outcome onCluster(Experiment experiment, RunListener listener, String master) {
        return experiment.run(
                Cells.of(experiment.config()), folder.resolve("cluster"), listener, new SparkCluster(), master);
    }

    private void locally(Experiment experiment) {
        experiment.run(Cells.of(experiment.config()), folder.resolve("local"), new Heard(() -> {}), Progress.SILENT);
    }

    private List<String> cells(String results) {
        return ResultsStore.read(folder.resolve(results)).cells().stream()
                .map(CellResult::cell)
                .toList();
    }

    private Experiment experiment(String methods) throws IOException {
        return experiment(List.of("experiments/quickstart/model"), methods);
    }

    private Experiment experiment(List<String> models, String methods) throws IOException {
        String ids = String.join("}, {id: ", models);
        Path file = Files.writeString(folder.resolve("small.yaml"), """
            experiment: small
            threads: 1
            models: [{id: %s}]
            methods: %s
            metrics:
              perplexity: {datasets: [{name: stories, text: experiments/quickstart/stories.txt}], window: 64, windows: 1}
            """.formatted(ids, methods));
        ExperimentConfig config =
                new ConfigLoader(new Catalog(List.of(), List.of(), Calibrations.names())).load(file, List.of());
        FileSource nowhere = (repo, revision, name, argument) -> {
            throw new AssertionError("nothing may be fetched: " + repo);
        };
        ModelLocator locator = new ModelLocator(reference -> {
            throw new AssertionError("nothing may be fetched: " + reference);
        });
        return new Experiment(config, "test", locator, nowhere, Optional.empty());
    }

    /** Remembers what it was told, and does something when the third result comes. */
    private static final class Heard implements RunListener {

        final List<Cell> kept = new ArrayList<>();
        final List<CellResult> stored = new ArrayList<>();
        private final Runnable atTheThird;

        Heard(Runnable atTheThird) {
            this.atTheThird = atTheThird;
        }

        @Override
        public void opened(Path folder) {}

        @Override
        public void warning(String message) {}

        @Override
        public void started(Cell cell, int number, int of) {}

        @Override
        public void kept(Cell cell) {
            kept.add(cell);
        }

        @Override
        public void stored(Cell cell, CellResult result) {
            stored.add(result);
            if (stored.size() == 3) atTheThird.run();
        }
    }
}
