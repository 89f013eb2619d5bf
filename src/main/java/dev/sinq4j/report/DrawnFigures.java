package dev.sinq4j.report;

import dev.sinq4j.report.ReportSettings.FigureFormat;
import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Labels;
import dev.sinq4j.report.chart.Figure;
import dev.sinq4j.report.chart.FigureFiles;
import dev.sinq4j.report.chart.Figures;
import dev.sinq4j.report.page.PageFigure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The figures of a report in the formats asked for. Drawing needs libraries of the operating system; where they are missing
 * there are no figures and a warning that says what to install, and the numbers are none the worse.
 */
record DrawnFigures(List<Drawing> drawings, List<String> warnings) {

    private static final Logger LOG = LoggerFactory.getLogger(DrawnFigures.class);

    /** A figure in one format. */
    record Drawing(Figure figure, FigureFormat format, byte[] bytes) {}

    static DrawnFigures of(Cells cells, Labels labels, List<FigureFormat> formats) {
        return of(() -> Figures.of(cells, labels), formats);
    }

    static DrawnFigures of(Supplier<List<Figure>> figures, List<FigureFormat> formats) {
        if (formats.isEmpty()) return new DrawnFigures(List.of(), List.of());
        System.setProperty("java.awt.headless", System.getProperty("java.awt.headless", "true"));
        try {
            return new DrawnFigures(draw(figures.get(), formats), List.of());
        } catch (OutOfMemoryError | StackOverflowError e) {
            throw e;
        } catch (Throwable e) { // AWT answers a missing font library with Error, InternalError or RuntimeException
            LOG.debug("figures could not be drawn", e);
            return new DrawnFigures(
                    List.of(),
                    List.of("no figures were drawn (" + root(e)
                            + "); on Debian or Ubuntu install the font libraries with"
                            + " 'apt-get install libfontconfig1 libfreetype6', then run the report again"));
        }
    }

    private static List<Drawing> draw(List<Figure> figures, List<FigureFormat> formats) throws IOException {
        List<Drawing> drawings = new ArrayList<>();
        for (Figure figure : figures) {
            for (FigureFormat format : formats) drawings.add(new Drawing(figure, format, draw(figure, format)));
        }
        return drawings;
    }

    private static byte[] draw(Figure figure, FigureFormat format) throws IOException {
        return switch (format) {
            case SVG -> FigureFiles.svg(figure).getBytes(StandardCharsets.UTF_8);
            case PNG -> FigureFiles.png(figure);
            case PDF -> FigureFiles.pdf(figure);
        };
    }

    private static String root(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) cause = cause.getCause();
        return cause.toString();
    }

    List<PageFigure> forPage() {
        return drawings.stream()
                .filter(drawing -> drawing.format() == FigureFormat.SVG)
                .map(drawing -> new PageFigure(
                        drawing.figure().name(),
                        drawing.figure().title(),
                        drawing.figure().description(),
                        drawing.figure().width(),
                        new String(drawing.bytes(), StandardCharsets.UTF_8)))
                .toList();
    }
}
