package dev.sinq4j.results;

import java.util.List;

/**
 * What a results folder holds: each cell once, in the order in which cells first appeared.
 *
 * @param cells    of several lines of one cell, the first that is ok, else the last failed one
 * @param warnings what was wrong with the file; the rest of it was used
 */
public record StoredResults(List<CellResult> cells, List<String> warnings) {

    public StoredResults {
        cells = List.copyOf(cells);
        warnings = List.copyOf(warnings);
    }
}
