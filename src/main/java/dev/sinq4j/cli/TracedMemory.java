package dev.sinq4j.cli;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.metric.MemoryTrace.Sample;
import dev.sinq4j.report.chart.FigureFiles;
import dev.sinq4j.report.chart.MemoryFigure;
import dev.sinq4j.report.chart.MemoryFigure.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes what memory did as a figure, and its numbers beside it. */
final class TracedMemory {

    private TracedMemory() {}

    /**
     * Writes {@code figure} and a table of the same name that ends in {@code .csv}.
     *
     * @throws UnavailableFailure if they cannot be written
     */
    static void write(Path figure, String title, List<Sample> samples, List<Level> levels) {
        if (samples.isEmpty())
            throw new UnavailableFailure(
                    "--memory-figure: this system does not tell how much memory a process has; it needs Linux's /proc");
        double[] seconds = samples.stream().mapToDouble(Sample::seconds).toArray();
        long[] bytes = samples.stream().mapToLong(Sample::bytes).toArray();
        try {
            Path folder = figure.toAbsolutePath().getParent();
            if (folder != null) Files.createDirectories(folder);
            Files.writeString(figure, FigureFiles.svg(MemoryFigure.of(title, seconds, bytes, levels)));
            Files.write(table(figure), lines(samples));
        } catch (IOException e) {
            throw new UnavailableFailure(figure + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static Path table(Path figure) {
        String name = String.valueOf(figure.getFileName());
        return figure.resolveSibling(name.replaceFirst("\\.svg$", "") + ".csv");
    }

    private static List<String> lines(List<Sample> samples) {
        List<String> lines = new ArrayList<>();
        lines.add("seconds,anonymous_bytes");
        for (Sample sample : samples)
            lines.add(String.format(Locale.ROOT, "%.3f,%d", sample.seconds(), sample.bytes()));
        return lines;
    }
}
