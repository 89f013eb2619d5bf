package dev.sinq4j.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "compare",
        description = "Compares results with a baseline, cell by cell: the accuracy gate for continuous integration.",
        footer = {"", "Exit status 1: a regression, a missing cell, a changed protocol or changed data."})
final class CompareCommand extends Subcommand {

    @Parameters(index = "0", paramLabel = "CANDIDATE", description = "Results folder to judge.")
    Path candidate = Path.of("");

    @Parameters(index = "1", paramLabel = "BASELINE", description = "Results folder to compare with.")
    Path baseline = Path.of("");

    @Option(names = "--tolerance", paramLabel = "FILE", description = "How far each metric may move (YAML).")
    @Nullable
    Path tolerance;

    @Option(names = "--provenance", description = "Also say which input changed: version, data, seed, backend, option.")
    boolean provenance;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Also write a summary, for a GitHub step summary.")
    @Nullable
    Path markdown;

    @Option(names = "--junit", paramLabel = "FILE", description = "Also write JUnit XML, one test case a cell.")
    @Nullable
    Path junit;

    private final Body<CompareCommand> body;

    CompareCommand(Body<CompareCommand> body) {
        this.body = body;
    }

    @Override
    int execute(Console console) throws Exception {
        return body.execute(this, console);
    }
}
