package dev.sinq4j.experiment;

import dev.sinq4j.config.ConfigLoader;
import dev.sinq4j.config.ExperimentConfig;
import dev.sinq4j.config.ModelConfig;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.experiment.RemoteOutcome.Computed;
import dev.sinq4j.experiment.RemoteOutcome.Kept;
import dev.sinq4j.experiment.RemoteOutcome.Refused;
import dev.sinq4j.failure.Failure;
import dev.sinq4j.hub.FetchProgress;
import dev.sinq4j.hub.Hub;
import dev.sinq4j.hub.HubSettings;
import dev.sinq4j.hub.ProgramCache;
import dev.sinq4j.hub.Sha256;
import dev.sinq4j.progress.Progress;
import dev.sinq4j.results.ResultLine;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Computes cells on a machine that was handed a {@link WorkOrder}, one at a time. The last model stays open with its hashes
 * and dense predictions, so that the cells of one model, coming in sequence, share them.
 */
public final class RemoteCells implements AutoCloseable {

    private final WorkOrder order;
    private final List<Cell> cells;
    private final Hub hub;
    private final Backend backend;
    private final ModelCells.Opener opener;
    private @Nullable ModelConfig openName;
    private @Nullable ModelCells open;

    private RemoteCells(WorkOrder order, ExperimentConfig config, Hub hub, Backend backend) {
        Path base = Path.of(order.folder());
        this.order = order;
        this.cells = Cells.of(config);
        this.hub = hub;
        this.backend = backend;
        this.opener = new ModelCells.Opener(
                config,
                new Environment(
                        order.command(),
                        Sha256.of(order.config()),
                        config.reference().commit(),
                        order.threads(),
                        config.seed(),
                        order.gitCommit()),
                backend,
                new ModelLocator(hub::model, base),
                new Datasets(hub, base),
                new Calibrations(ProgramCache.folder(), base),
                Optional.empty(), // of this machine alone, and no two cells of an experiment have a layer in common
                Progress.SILENT);
    }

    /**
     * Takes an order.
     *
     * @throws Failure if this machine lacks the backend that the configuration asks for by name
     */
    public static RemoteCells of(WorkOrder order) {
        ExperimentConfig config = ConfigLoader.resolved(order.config());
        Backend backend = Backends.open(config.backend(), order.threads());
        return new RemoteCells(order, config, new Hub(HubSettings.fromEnvironment(), FetchProgress.NONE), backend);
    }

    /** Computes a cell, given by its place in {@link Cells#of}, unless the order says that it is finished. */
    public synchronized RemoteOutcome compute(int number) {
        Cell cell = cells.get(number);
        ModelCells model;
        try {
            model = model(cell.model());
        } catch (Failure e) {
            return new Refused(number, String.valueOf(e.getMessage()));
        }
        if (order.finished().contains(model.hash(cell))) return new Kept(number);
        return new Computed(number, ResultLine.format(model.compute(cell)));
    }

    private ModelCells model(ModelConfig name) {
        if (open != null && name.equals(openName)) return open;
        closeModel();
        open = opener.open(name);
        openName = name;
        return open;
    }

    private void closeModel() {
        if (open != null) open.close();
        open = null;
    }

    @Override
    public synchronized void close() {
        closeModel();
        backend.close();
        hub.close();
    }
}
