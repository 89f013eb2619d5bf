package dev.sinq4j.experiment;

import dev.sinq4j.config.ModelConfig;
import dev.sinq4j.failure.Failure;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.CellResult.Status;
import dev.sinq4j.results.ResultsStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the cells of an experiment that have no result yet, model by model, and appends each result as soon as it is there. A
 * cell that fails is stored with its error and the others go on.
 */
public final class ExperimentRunner {

    private final ModelCells.Opener opener;
    private final RunListener listener;
    private int number;
    private int total;

    /** @param opener opens a model with what its cells need */
    ExperimentRunner(ModelCells.Opener opener, RunListener listener) {
        this.opener = opener;
        this.listener = listener;
    }

    /**
     * What became of a run.
     *
     * @param computed cells measured now
     * @param kept     cells whose result was there already
     * @param failed   cells that failed now
     */
    public record Outcome(int computed, int kept, int failed) {
        static final Outcome NOTHING = new Outcome(0, 0, 0);

        Outcome plus(Outcome other) {
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
        try (ModelCells model = opener.open(name)) {
            model.rememberDense(store.answers(model.denseHash()));
            Outcome outcome = Outcome.NOTHING;
            for (Cell cell : cells) outcome = outcome.plus(runCell(cell, model, store));
            return outcome;
        }
    }

    private Outcome runCell(Cell cell, ModelCells model, ResultsStore store) {
        if (store.isFinished(model.hash(cell))) {
            number++;
            listener.kept(cell);
            return new Outcome(0, 1, 0);
        }
        listener.started(cell, ++number, total);
        CellResult result = model.compute(cell);
        store.append(result);
        listener.stored(cell, result);
        return result.status() == Status.OK ? new Outcome(1, 0, 0) : new Outcome(0, 0, 1);
    }
}
