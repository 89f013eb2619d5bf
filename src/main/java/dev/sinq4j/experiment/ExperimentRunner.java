package dev.sinq4j.experiment;

import dev.sinq4j.checkpoint.QuantizedLayerCache;
import dev.sinq4j.config.ExperimentConfig;
import dev.sinq4j.config.ModelConfig;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.failure.Failure;
import dev.sinq4j.method.Dense;
import dev.sinq4j.progress.Progress;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.CellResult.Status;
import dev.sinq4j.results.Metrics;
import dev.sinq4j.results.ResultsStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the cells of an experiment that have no result yet, model by model, and appends each result as soon as it is there. A
 * cell that fails is stored with its error and the others go on.
 */
public final class ExperimentRunner {

    private static final Logger LOG = LoggerFactory.getLogger(ExperimentRunner.class);

    private final ExperimentConfig config;
    private final Environment environment;
    private final Backend backend;
    private final ModelLocator models;
    private final Datasets datasets;
    private final Calibrations calibrations;
    private final Optional<QuantizedLayerCache> layerCache;
    private final RunListener listener;
    private final Progress progress;
    private int number;
    private int total;

    ExperimentRunner(
            ExperimentConfig config,
            Environment environment,
            Backend backend,
            ModelLocator models,
            Datasets datasets,
            Calibrations calibrations,
            Optional<QuantizedLayerCache> layerCache,
            RunListener listener,
            Progress progress) {
        this.config = config;
        this.environment = environment;
        this.backend = backend;
        this.models = models;
        this.datasets = datasets;
        this.calibrations = calibrations;
        this.layerCache = layerCache;
        this.listener = listener;
        this.progress = progress;
    }

    /**
     * What became of a run.
     *
     * @param computed cells measured now
     * @param kept     cells whose result was there already
     * @param failed   cells that failed now
     */
    public record Outcome(int computed, int kept, int failed) {
        private static final Outcome NOTHING = new Outcome(0, 0, 0);

        private Outcome plus(Outcome other) {
            return new Outcome(computed + other.computed, kept + other.kept, failed + other.failed);
        }
    }

    /**
     * Runs what is missing.
     *
     * @param cells in the order to run them
     * @throws Failure if a model or text is not there; nothing computed is lost
     */
    Outcome run(List<Cell> cells, ResultsStore store) {
        Map<ModelConfig, List<Cell>> byModel = new LinkedHashMap<>();
        for (Cell cell : cells)
            byModel.computeIfAbsent(cell.model(), model -> new ArrayList<>()).add(cell);
        total = cells.size();
        Outcome outcome = Outcome.NOTHING;
        for (Map.Entry<ModelConfig, List<Cell>> each : byModel.entrySet())
            outcome = outcome.plus(runModel(each.getKey(), each.getValue(), store));
        return outcome;
    }

    private Outcome runModel(ModelConfig name, List<Cell> cells, ResultsStore store) {
        try (OpenModel model = new OpenModel(models.open(name.source()), config, datasets, calibrations)) {
            CellKeys keys = new CellKeys(config, environment, backend, calibrations, model);
            model.tasks().rememberDense(store.answers(denseHash(name, keys)));
            Outcome outcome = Outcome.NOTHING;
            for (Cell cell : cells) outcome = outcome.plus(runCell(cell, keys, model, store));
            return outcome;
        }
    }

    private static String denseHash(ModelConfig model, CellKeys keys) {
        return keys.of(new Cell(model, new Dense(), null, null)).hash();
    }

    private Outcome runCell(Cell cell, CellKeys keys, OpenModel model, ResultsStore store) {
        String hash = keys.of(cell).hash();
        if (store.isFinished(hash)) {
            number++;
            listener.kept(cell);
            return new Outcome(0, 1, 0);
        }
        listener.started(cell, ++number, total);
        Instant started = Instant.now();
        try {
            Metrics metrics = new CellRunner(config, backend, layerCache, progress).run(cell, model);
            store(store, cell, result(cell, hash, keys, started, metrics, null));
            return new Outcome(1, 0, 0);
        } catch (Failure | OutOfMemoryError e) {
            String error = message(e);
            LOG.debug("{} failed", cell.label(), e);
            store(store, cell, result(cell, hash, keys, started, Metrics.NONE, error));
            return new Outcome(0, 0, 1);
        }
    }

    private void store(ResultsStore store, Cell cell, CellResult result) {
        store.append(result);
        listener.stored(cell, result);
    }

    private static String message(Throwable e) {
        if (e instanceof OutOfMemoryError)
            return "out of memory (" + e.getMessage() + "), with a heap of "
                    + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MiB: give more with -Djvm.args=-Xmx<size>, or take shorter windows or a smaller model";
        return String.valueOf(e.getMessage());
    }

    private CellResult result(
            Cell cell, String hash, CellKeys keys, Instant started, Metrics metrics, @Nullable String error) {
        return new CellResult(
                CellResult.SCHEMA,
                hash,
                config.experiment(),
                cell.model().source(),
                cell.method().name(),
                cell.method().bits(),
                cell.method().group() == 0 ? null : cell.method().group(),
                cell.method().tiling() == null ? null : cell.method().tiling().label(),
                cell.method().aux() == null ? null : cell.method().aux().label(),
                keys.options(cell),
                error == null ? Status.OK : Status.FAILED,
                error,
                metrics,
                environment.provenance(started, backend, keys.modelSha256(), keys.datasetSha256(cell)));
    }
}
