package dev.sinq4j.cli;

import dev.sinq4j.config.ReportConfig;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.report.Report;
import dev.sinq4j.report.ReportFiles;
import dev.sinq4j.report.ReportSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes reports as commands ask for them. */
final class Reports {

    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

    private Reports() {}

    /** What a configuration asks for, into the results folder; it gets the paper's numbers too, to be complete by itself. */
    static List<Path> write(Path folder, ReportConfig wanted) {
        if (wanted.paper() != null) copy(Path.of(wanted.paper()), folder.resolve(Report.PAPER));
        return written(Report.write(folder, settings(wanted)));
    }

    /** Everything, of one or several results folders, into {@code out}. */
    static List<Path> writeAll(List<Path> folders, Path out) {
        return written(Report.write(folders, out, ReportSettings.ALL));
    }

    private static void copy(Path from, Path to) {
        try {
            if (!Files.exists(to) || !Files.isSameFile(from, to))
                Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UnavailableFailure(
                    to + " cannot be written (" + e.getClass().getSimpleName() + ": " + e.getMessage() + ")", e);
        }
    }

    private static List<Path> written(ReportFiles files) {
        files.warnings().forEach(warning -> LOG.warn("{}", warning));
        return files.paths();
    }

    private static ReportSettings settings(ReportConfig wanted) {
        return new ReportSettings(
                wanted.tables().stream()
                        .map(format -> ReportSettings.TableFormat.valueOf(format.name()))
                        .toList(),
                wanted.figures().stream()
                        .map(format -> ReportSettings.FigureFormat.valueOf(format.name()))
                        .toList(),
                wanted.page());
    }
}
