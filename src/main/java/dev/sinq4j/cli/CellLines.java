package dev.sinq4j.cli;

import dev.sinq4j.experiment.Cell;
import dev.sinq4j.experiment.ProgramVersion;
import dev.sinq4j.experiment.RunListener;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.CellResult.Status;
import dev.sinq4j.results.Metrics;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A line for each cell of a run, on standard error. */
final class CellLines implements RunListener {

    private static final Logger LOG = LoggerFactory.getLogger(CellLines.class);

    private final Console console;
    private int number;
    private int of;

    CellLines(Console console) {
        this.console = console;
    }

    @Override
    public void opened(Path folder) {
        Logging.alsoTo(folder.resolve("log.txt"));
        Logging.FILE_ALONE.info("sinq4j {}, Java {}, results in {}", ProgramVersion.text(), Runtime.version(), folder);
    }

    @Override
    public void warning(String message) {
        LOG.warn("{}", message);
    }

    @Override
    public void started(Cell cell, int number, int of) {
        this.number = number;
        this.of = of;
    }

    @Override
    public void kept(Cell cell) {
        LOG.info("{}: already there", cell.label());
    }

    @Override
    public void stored(Cell cell, CellResult result) {
        String head = String.format(Locale.ROOT, "[%d/%d] %s: ", number, of, cell.methodLabel());
        console.say(head + (result.status() == Status.FAILED ? "FAILED: " + result.error() : figures(result)));
    }

    private static String figures(CellResult result) {
        Metrics metrics = result.metrics();
        String perplexities = metrics.perplexity() == null
                ? ""
                : metrics.perplexity().entrySet().stream()
                        .map(each -> String.format(
                                Locale.ROOT,
                                "perplexity %.4f on %s, ",
                                each.getValue().value(),
                                each.getKey()))
                        .collect(Collectors.joining());
        String bits = metrics.memory() == null
                ? ""
                : String.format(
                        Locale.ROOT, "%.3f bits/weight, ", metrics.memory().bitsPerWeight());
        return perplexities
                + bits
                + String.format(Locale.ROOT, "%.1f s", result.provenance().seconds());
    }
}
