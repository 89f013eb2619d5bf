package dev.sinq4j.experiment;

import dev.sinq4j.experiment.ExperimentRunner.Outcome;
import dev.sinq4j.experiment.RemoteOutcome.Computed;
import dev.sinq4j.experiment.RemoteOutcome.Kept;
import dev.sinq4j.experiment.RemoteOutcome.Lost;
import dev.sinq4j.experiment.RemoteOutcome.Refused;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.CellResult.Status;
import dev.sinq4j.results.ResultLine;
import dev.sinq4j.results.ResultsStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The near end of a run on a cluster: stores what comes, each cell once, in the order in which it comes. */
final class ClusterRun {

    private final List<Cell> all;
    private final ResultsStore store;
    private final RunListener listener;
    private Outcome outcome = Outcome.NOTHING;
    private int number;
    private int total;
    private @Nullable String refusal;

    /** @param all cells of the configuration, as {@link Cells#of} has them */
    ClusterRun(List<Cell> all, ResultsStore store, RunListener listener) {
        this.all = all;
        this.store = store;
        this.listener = listener;
    }

    /**
     * Runs what is missing.
     *
     * @throws UnavailableFailure if a model could not be opened there; the results of the others are stored
     */
    Outcome run(Cluster cluster, Cluster.Work work) {
        total = work.cells().size();
        cluster.compute(work, this::take);
        if (refusal != null) throw new UnavailableFailure(refusal);
        return outcome;
    }

    private synchronized void take(RemoteOutcome arrived) {
        Cell cell = all.get(arrived.cell());
        number++;
        outcome = outcome.plus(
                switch (arrived) {
                    case Kept kept -> kept(cell);
                    case Computed computed -> computed(cell, ResultLine.of(computed.line()));
                    case Refused refused -> refused(cell, refused.message());
                    case Lost lost -> lost(cell, lost.message());
                });
    }

    private Outcome kept(Cell cell) {
        listener.kept(cell);
        return new Outcome(0, 1, 0);
    }

    private Outcome computed(Cell cell, CellResult result) {
        if (store.isFinished(result.cell())) return kept(cell);
        listener.started(cell, number, total);
        store.append(result);
        listener.stored(cell, result);
        return result.status() == Status.OK ? new Outcome(1, 0, 0) : new Outcome(0, 0, 1);
    }

    private Outcome refused(Cell cell, String message) {
        if (refusal == null) refusal = message;
        listener.warning(cell.label() + ": " + message);
        return new Outcome(0, 0, 1);
    }

    /** Not stored: without an answer the cell's key is not known here. */
    private Outcome lost(Cell cell, String message) {
        listener.warning(cell.label() + ": FAILED: " + message);
        return new Outcome(0, 0, 1);
    }
}
