package dev.sinq4j.cluster;

import java.util.ArrayList;
import java.util.List;

/** Which executor a cell prefers. */
final class Placement {

    private Placement() {}

    /**
     * Gives each executor a run of neighbours, as equal in number as can be: cells of one model, being neighbours, meet on as
     * few executors as the balance allows and share the open model there. Where an executor is idle or lost, Spark moves its
     * cells.
     *
     * @param cells  how many
     * @param places of the executors; may be empty
     * @return for each cell a place, or none
     */
    static List<List<String>> of(int cells, List<String> places) {
        List<List<String>> preferred = new ArrayList<>();
        for (int i = 0; i < cells; i++)
            preferred.add(places.isEmpty() ? List.of() : List.of(places.get((int) ((long) i * places.size() / cells))));
        return preferred;
    }
}
