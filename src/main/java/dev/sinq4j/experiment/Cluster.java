package dev.sinq4j.experiment;

import java.util.List;
import java.util.function.Consumer;

/**
 * Machines that compute cells. The implementation is a room of its own, there only where its Maven profile was built;
 * {@link java.util.ServiceLoader} finds it.
 */
public interface Cluster {

    /**
     * What to compute, and where.
     *
     * @param name   of the run, for the cluster's own pages
     * @param master such as {@code local[2]} or {@code spark://host:7077}
     * @param order  for the machines
     * @param cells  places in {@link Cells#of}; those of one model are neighbours
     */
    record Work(String name, String master, WorkOrder order, List<Integer> cells) {
        public Work {
            cells = List.copyOf(cells);
        }
    }

    /**
     * Computes cells and returns when every one has an outcome.
     *
     * @param outcomes told as soon as a cell has one, once a cell, by one thread at a time; what it throws ends the work
     * @throws dev.sinq4j.failure.Failure if the cluster cannot be reached or gives no machine
     */
    void compute(Work work, Consumer<RemoteOutcome> outcomes);
}
