package dev.sinq4j.cluster;

import dev.sinq4j.experiment.RemoteCells;
import dev.sinq4j.experiment.RemoteOutcome;
import dev.sinq4j.experiment.WorkOrder;
import dev.sinq4j.failure.Failure;
import org.jspecify.annotations.Nullable;

/** What an executor's process keeps from cell to cell: the order, the backend and the model it has open. */
final class ExecutorCells {

    private static @Nullable WorkOrder order;
    private static @Nullable RemoteCells cells;

    private ExecutorCells() {}

    /** Computes a cell; another one waits, since cells that share a machine would disturb each other's figures. */
    static synchronized RemoteOutcome compute(WorkOrder wanted, int cell) {
        try {
            return cells(wanted).compute(cell);
        } catch (Failure e) {
            return new RemoteOutcome.Refused(cell, String.valueOf(e.getMessage()));
        }
    }

    private static RemoteCells cells(WorkOrder wanted) {
        if (cells != null && wanted.equals(order)) return cells;
        release();
        cells = RemoteCells.of(wanted);
        order = wanted;
        return cells;
    }

    /** Lets go of the model; in local mode the executor's process is the driver's and lives on. */
    static synchronized void release() {
        if (cells != null) cells.close();
        cells = null;
        order = null;
    }
}
