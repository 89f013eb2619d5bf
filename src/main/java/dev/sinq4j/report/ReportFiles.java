package dev.sinq4j.report;

import java.nio.file.Path;
import java.util.List;

/**
 * What became of a report.
 *
 * @param paths    the files written, in the order of the report
 * @param warnings damaged lines of the results, and figures that could not be drawn with what to install
 */
public record ReportFiles(List<Path> paths, List<String> warnings) {

    public ReportFiles {
        paths = List.copyOf(paths);
        warnings = List.copyOf(warnings);
    }
}
