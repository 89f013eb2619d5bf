package dev.sinq4j.experiment;

import dev.sinq4j.results.CellResult;
import java.nio.file.Path;

/** Is told how a run gets on, cell by cell. */
public interface RunListener {

    /** The results folder is open for writing. */
    void opened(Path folder);

    /** Something about the results folder that a user should know. */
    void warning(String message);

    /** A cell is computed now. */
    void started(Cell cell, int number, int of);

    /** A cell has its result already. */
    void kept(Cell cell);

    /** A cell's result is stored, be it a failure. */
    void stored(Cell cell, CellResult result);
}
