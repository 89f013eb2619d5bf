package dev.sinq4j.report;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.paper.PaperFile;
import dev.sinq4j.paper.PaperTable;
import dev.sinq4j.report.ReportSettings.FigureFormat;
import dev.sinq4j.report.ReportSettings.TableFormat;
import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Conclusions;
import dev.sinq4j.report.cells.Difference;
import dev.sinq4j.report.cells.Labels;
import dev.sinq4j.report.page.Page;
import dev.sinq4j.report.page.PageText;
import dev.sinq4j.report.table.CsvText;
import dev.sinq4j.report.table.LatexText;
import dev.sinq4j.report.table.MarkdownText;
import dev.sinq4j.report.table.PaperTables;
import dev.sinq4j.report.table.ReportTable;
import dev.sinq4j.report.table.Tables;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.ResultsStore;
import dev.sinq4j.results.StoredResults;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Makes the tables, figures and page of one or several results folders from their {@code results.jsonl} alone. The same
 * results give the same bytes: nothing depends on the time, the locale or the fonts of the machine. Where a folder holds a
 * {@link #PAPER}, a table of a paper's numbers, ours are set beside them.
 */
public final class Report {

    /** Name of the file with a paper's numbers in a results folder. */
    public static final String PAPER = "paper.yaml";

    private static final String CONFIGURATION = "experiment.yaml";

    private final Path out;
    private final List<Path> written = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private Report(Path out) {
        this.out = out;
    }

    /**
     * Writes the report of a results folder into that folder.
     *
     * @throws UnavailableFailure if there are no results, or the report cannot be written
     */
    public static ReportFiles write(Path resultsDir, ReportSettings settings) {
        return write(List.of(resultsDir), resultsDir, settings);
    }

    /**
     * Writes one report of several results folders.
     *
     * @param out folder that gets {@code tables/}, {@code figures/} and {@code report.html}
     * @throws UnavailableFailure if a folder has no results, or the report cannot be written
     */
    public static ReportFiles write(List<Path> resultsDirs, Path out, ReportSettings settings) {
        Report report = new Report(out);
        try {
            report.write(resultsDirs, settings);
        } catch (IOException e) {
            throw new UnavailableFailure(
                    out + ": the report cannot be written (" + e.getClass().getSimpleName() + ": " + e.getMessage()
                            + ")",
                    e);
        }
        return new ReportFiles(report.written, report.warnings);
    }

    private void write(List<Path> resultsDirs, ReportSettings settings) throws IOException {
        List<CellResult> results = new ArrayList<>();
        for (Path folder : resultsDirs) {
            StoredResults stored = ResultsStore.read(folder);
            results.addAll(stored.cells());
            warnings.addAll(stored.warnings());
        }
        Cells cells = Cells.of(results);
        Labels labels = new Labels(cells);
        List<Difference> differences = Difference.all(cells);
        List<ReportTable> tables = new ArrayList<>(Tables.of(cells, labels, differences));
        tables.addAll(PaperTables.of(papers(resultsDirs), cells, differences));
        for (ReportTable table : tables) {
            for (TableFormat format : settings.tables()) write(table, format);
        }
        DrawnFigures figures = DrawnFigures.of(cells, labels, formats(settings));
        warnings.addAll(figures.warnings());
        for (DrawnFigures.Drawing drawing : figures.drawings()) {
            if (settings.figures().contains(drawing.format())) write(drawing);
        }
        if (settings.page()) {
            List<String> sentences = new Conclusions(labels, differences).sentences();
            Page page =
                    Page.of(cells, labels, sentences, tables, figures.forPage(), warnings, configurations(resultsDirs));
            write("report.html", PageText.of(page).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The page shows figures as SVG whether or not they are wanted as files. */
    private static List<FigureFormat> formats(ReportSettings settings) {
        if (!settings.page() || settings.figures().contains(FigureFormat.SVG)) return settings.figures();
        List<FigureFormat> formats = new ArrayList<>(settings.figures());
        formats.add(FigureFormat.SVG);
        return formats;
    }

    private void write(ReportTable table, TableFormat format) throws IOException {
        String text = switch (format) {
            case MD -> MarkdownText.of(table);
            case CSV -> CsvText.of(table);
            case TEX -> LatexText.of(table);
        };
        write("tables/" + table.name() + extension(format), text.getBytes(StandardCharsets.UTF_8));
    }

    private void write(DrawnFigures.Drawing drawing) throws IOException {
        write("figures/" + drawing.figure().name() + extension(drawing.format()), drawing.bytes());
    }

    private static String extension(Enum<?> format) {
        return "." + format.name().toLowerCase(Locale.ROOT);
    }

    private void write(String name, byte[] bytes) throws IOException {
        Path file = out.resolve(name);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, bytes);
        written.add(file);
    }

    private static List<PaperTable> papers(List<Path> resultsDirs) {
        return resultsDirs.stream()
                .map(folder -> folder.resolve(PAPER))
                .filter(Files::isRegularFile)
                .map(PaperFile::read)
                .distinct()
                .toList();
    }

    private static List<String> configurations(List<Path> resultsDirs) throws IOException {
        List<String> configurations = new ArrayList<>();
        for (Path folder : resultsDirs) {
            Path file = folder.resolve(CONFIGURATION);
            if (Files.isRegularFile(file)) configurations.add(Files.readString(file));
        }
        return configurations;
    }
}
