package dev.sinq4j.experiment;

import dev.sinq4j.checkpoint.QuantizedLayerCache;
import dev.sinq4j.config.ExperimentConfig;
import dev.sinq4j.config.ModelConfig;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.failure.Failure;
import dev.sinq4j.method.Dense;
import dev.sinq4j.metric.HostMemory;
import dev.sinq4j.progress.Progress;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.CellResult.Status;
import dev.sinq4j.results.Metrics;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One open model and its cells: their keys, and their results. */
final class ModelCells implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ModelCells.class);

    private final Opener opener;
    private final ModelConfig name;
    private final OpenModel model;
    private final CellKeys keys;

    private ModelCells(Opener opener, ModelConfig name, OpenModel model) {
        this.opener = opener;
        this.name = name;
        this.model = model;
        this.keys = new CellKeys(opener.config, opener.environment, opener.backend, opener.calibrations, model);
    }

    /**
     * Opens models of one experiment.
     *
     * @param backend    where to compute; stays open
     * @param layerCache quantized layers of earlier cells
     */
    record Opener(
            ExperimentConfig config,
            Environment environment,
            Backend backend,
            ModelLocator models,
            Datasets datasets,
            Calibrations calibrations,
            Optional<QuantizedLayerCache> layerCache,
            Progress progress) {

        /**
         * Opens a model and hashes its files.
         *
         * @throws Failure if the model or a text is not there
         */
        ModelCells open(ModelConfig name) {
            OpenModel model = new OpenModel(models.open(name.source()), config, datasets, calibrations);
            try {
                return new ModelCells(this, name, model);
            } catch (RuntimeException e) {
                model.close();
                throw e;
            }
        }
    }

    /** The key of a cell of this model. */
    String hash(Cell cell) {
        return keys.of(cell).hash();
    }

    /** The key of the dense model's cell, be it a cell of the experiment or not. */
    String denseHash() {
        return hash(new Cell(name, new Dense(), null, null, null));
    }

    /** Spares asking the dense model again what a finished cell has its answers to. */
    void rememberDense(Map<String, List<Metrics.Question>> answers) {
        model.tasks().rememberDense(answers);
    }

    /** Measures a cell. What a user can mend, and running out of memory, becomes a failed result. */
    CellResult compute(Cell cell) {
        Started started = new Started(Instant.now(), System.nanoTime());
        try {
            Metrics metrics = new CellRunner(
                            opener.config,
                            opener.backend,
                            opener.layerCache,
                            () -> HostMemory.usableBytes().orElse(Long.MAX_VALUE),
                            opener.progress)
                    .run(cell, model);
            return result(cell, started, metrics, null);
        } catch (Failure | OutOfMemoryError e) {
            LOG.debug("{} failed", cell.label(), e);
            return result(cell, started, Metrics.NONE, message(e));
        }
    }

    /** When a cell began; the wall's clock may be set back meanwhile, the other one not. */
    private record Started(Instant at, long nanos) {
        double seconds() {
            return (System.nanoTime() - nanos) / 1e9;
        }
    }

    private static String message(Throwable e) {
        if (e instanceof OutOfMemoryError)
            return "out of memory (" + e.getMessage() + "), with a heap of "
                    + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MiB: give more with -Djvm.args=-Xmx<size>, or take shorter windows or a smaller model";
        return String.valueOf(e.getMessage());
    }

    private CellResult result(Cell cell, Started started, Metrics metrics, @Nullable String error) {
        return new CellResult(
                CellResult.SCHEMA,
                hash(cell),
                opener.config.experiment(),
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
                opener.environment.provenance(
                        started.at(), started.seconds(), opener.backend, keys.modelSha256(), keys.datasetSha256(cell)));
    }

    @Override
    public void close() {
        model.close();
    }
}
