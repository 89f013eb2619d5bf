package dev.sinq4j.cli;

import dev.sinq4j.comparison.Comparison;
import dev.sinq4j.comparison.Tolerances;
import dev.sinq4j.comparison.Verdict;
import dev.sinq4j.comparison.VerdictJunit;
import dev.sinq4j.comparison.VerdictText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "compare",
        description = "Compares results with a baseline, cell by cell: the accuracy gate for continuous integration.",
        footer = {
            "",
            "Exit status 1: a regression, a missing or failed cell or figure, a changed protocol or changed data.",
            "Without --tolerance: perplexity 0.5 %%, kl-mean 5 %%, top1-agreement 0.01, bits-per-weight 0.1 %%,",
            "weight-error 1 %%; acc, acc-norm, flips and task-perplexity 2 standard errors, of the paired difference",
            "where answers are kept; speed is not compared."
        })
final class CompareCommand extends Subcommand {

    private static final Logger LOG = LoggerFactory.getLogger(CompareCommand.class);

    @Parameters(index = "0", paramLabel = "CANDIDATE", description = "Results folder to judge.")
    Path candidate = Path.of("");

    @Parameters(index = "1", paramLabel = "BASELINE", description = "Results folder to compare with.")
    Path baseline = Path.of("");

    @Option(
            names = "--tolerance",
            paramLabel = "FILE",
            description = "How much worse each metric may be (YAML), such as perplexity: {relative: 0.01,"
                    + " standard-errors: 2}; of several measures the most generous counts.")
    @Nullable
    Path tolerance;

    @Option(
            names = "--provenance",
            description = "Also say which inputs changed: version, commit, data, seed, backend, threads, JDK.")
    boolean provenance;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Also write a summary, for a GitHub step summary.")
    @Nullable
    Path markdown;

    @Option(names = "--junit", paramLabel = "FILE", description = "Also write JUnit XML, one test case a figure.")
    @Nullable
    Path junit;

    @Override
    int execute(Console console) throws IOException {
        Tolerances tolerances = tolerance == null ? Tolerances.standard() : Tolerances.load(tolerance);
        Verdict verdict = Comparison.of(candidate, baseline, tolerances, provenance);
        verdict.warnings().forEach(warning -> LOG.warn("{}", warning));
        if (markdown != null) write(markdown, VerdictText.markdown(verdict));
        if (junit != null) write(junit, VerdictJunit.of(verdict));
        console.result(VerdictText.plain(verdict), verdict);
        return verdict.passed() ? 0 : 1;
    }

    /** Folders on the way are made: continuous integration names files of a folder for its artifacts. */
    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, text);
    }
}
