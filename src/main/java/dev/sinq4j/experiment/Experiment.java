package dev.sinq4j.experiment;

import dev.sinq4j.checkpoint.QuantizedLayerCache;
import dev.sinq4j.config.ConfigWriter;
import dev.sinq4j.config.ExperimentConfig;
import dev.sinq4j.config.ModelConfig;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.hub.FileSource;
import dev.sinq4j.hub.HubCache;
import dev.sinq4j.hub.ProgramCache;
import dev.sinq4j.hub.Sha256;
import dev.sinq4j.metric.HostMemory;
import dev.sinq4j.progress.Progress;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.CellResult.Status;
import dev.sinq4j.results.ResultsStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An experiment with everything it needs to run.
 *
 * @param config     what was asked for
 * @param command    the command line that repeats the run
 * @param models     finds models
 * @param files      where files of the hub come from
 * @param layerCache where quantized layers are kept and found again; empty to quantize every one anew
 */
public record Experiment(
        ExperimentConfig config,
        String command,
        ModelLocator models,
        FileSource files,
        Optional<QuantizedLayerCache> layerCache) {

    private static final String RESOLVED = "experiment.yaml";

    /** An experiment that keeps no quantized layers. */
    public Experiment(ExperimentConfig config, String command, ModelLocator models, FileSource files) {
        this(config, command, models, files, Optional.empty());
    }

    /** The folder of an experiment's results where no other is named. */
    public static Path defaultFolder(ExperimentConfig config) {
        return Path.of("results", config.experiment());
    }

    /** Threads a configuration asks for; all processors if it does not say. */
    public static int threads(ExperimentConfig config) {
        return Objects.requireNonNullElse(config.threads(), Runtime.getRuntime().availableProcessors());
    }

    /** What running some or all cells would do; opens neither weights nor a socket. */
    public static Plan plan(ExperimentConfig config, List<Cell> cells, HubCache cache) {
        return new Planner(
                        config,
                        new ModelLocator.Local(cache),
                        new Datasets(cachedOnly(cache)),
                        new Calibrations(ProgramCache.folder()),
                        HostMemory.usableBytes().orElse(Long.MAX_VALUE),
                        Backends.freeDeviceBytes(config.backend()))
                .plan(cells);
    }

    /** What stands behind a plan's smallest differences, in words. */
    public static String detection() {
        return SmallestDifference.words();
    }

    private static FileSource cachedOnly(HubCache cache) {
        return (repo, revision, file, fetchArgument) -> cache.findFile(repo, revision, file)
                .orElseThrow(() -> new UnavailableFailure(repo + ": " + file + " is not in the cache"));
    }

    /**
     * Those of some cells whose result is stored, by their keys. Keys need the hashes of a model's files, so a model is opened
     * only if there are results of it.
     *
     * @param folder of the results; may not be there yet
     */
    public Set<Cell> finished(List<Cell> cells, Path folder) {
        List<CellResult> stored = ResultsStore.isPresent(folder)
                ? ResultsStore.read(folder).cells().stream()
                        .filter(result -> result.status() == Status.OK)
                        .toList()
                : List.of();
        Set<String> models = stored.stream().map(CellResult::model).collect(Collectors.toSet());
        Set<String> keys = stored.stream().map(CellResult::cell).collect(Collectors.toSet());
        Set<Cell> finished = new HashSet<>();
        Map<ModelConfig, List<Cell>> byModel = cells.stream()
                .filter(cell -> models.contains(cell.model().source()))
                .collect(Collectors.groupingBy(Cell::model, LinkedHashMap::new, Collectors.toList()));
        if (byModel.isEmpty()) return finished;
        try (Backend backend = Backends.open(config.backend(), threads(config))) {
            ModelCells.Opener opener = opener(backend, Progress.SILENT);
            byModel.forEach((name, ofModel) -> {
                try (ModelCells model = opener.open(name)) {
                    for (Cell cell : ofModel) if (keys.contains(model.hash(cell))) finished.add(cell);
                }
            });
        }
        return finished;
    }

    /**
     * Computes the cells that have no result yet.
     *
     * @param cells  some or all of {@link Cells#of}
     * @param folder of the results
     * @throws dev.sinq4j.failure.Failure if something needed is not there; finished cells stay
     */
    public ExperimentRunner.Outcome run(List<Cell> cells, Path folder, RunListener listener, Progress progress) {
        try (ResultsStore store = ResultsStore.open(folder);
                Backend backend = Backends.open(config.backend(), threads(config))) {
            listener.opened(folder);
            store.warnings().forEach(listener::warning);
            writeResolved(folder);
            return new ExperimentRunner(opener(backend, progress), listener).run(cells, store);
        }
    }

    /**
     * Computes the cells that have no result yet on other machines.
     *
     * @param cells  some or all of {@link Cells#of}
     * @param folder of the results
     * @param master which machines, as the cluster writes it
     * @throws dev.sinq4j.failure.Failure if something needed is not there; finished cells stay
     */
    public ExperimentRunner.Outcome run(
            List<Cell> cells, Path folder, RunListener listener, Cluster cluster, String master) {
        try (ResultsStore store = ResultsStore.open(folder)) {
            listener.opened(folder);
            store.warnings().forEach(listener::warning);
            writeResolved(folder);
            List<Cell> all = Cells.of(config);
            WorkOrder order =
                    WorkOrder.of(config, Path.of("").toAbsolutePath().toString(), environment(), store.finished());
            Cluster.Work work = new Cluster.Work(
                    config.experiment(),
                    master,
                    order,
                    cells.stream().map(all::indexOf).toList());
            return new ClusterRun(all, store, listener).run(cluster, work);
        }
    }

    private ModelCells.Opener opener(Backend backend, Progress progress) {
        return new ModelCells.Opener(
                config,
                environment(),
                backend,
                models,
                new Datasets(files),
                new Calibrations(ProgramCache.folder()),
                layerCache,
                progress);
    }

    private Environment environment() {
        return Environment.of(
                command,
                Sha256.of(ConfigWriter.yaml(config)),
                config.reference().commit(),
                threads(config),
                config.seed());
    }

    private void writeResolved(Path folder) {
        try {
            Files.writeString(folder.resolve(RESOLVED), ConfigWriter.yaml(config));
        } catch (IOException e) {
            throw new UnavailableFailure(folder.resolve(RESOLVED) + " cannot be written: " + e.getMessage(), e);
        }
    }
}
