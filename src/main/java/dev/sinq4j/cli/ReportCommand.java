package dev.sinq4j.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "report", description = "Makes tables, figures and the page again, from stored results alone.")
final class ReportCommand extends Subcommand {

    @Parameters(arity = "1..*", paramLabel = "RESULTS_DIR", description = "Folders with a results.jsonl.")
    List<Path> results = new ArrayList<>();

    @Option(names = "--out", paramLabel = "DIR", description = "Instead of the first results folder.")
    @Nullable
    Path out;

    @Override
    int execute(Console console) {
        List<Path> written = Reports.writeAll(results, out == null ? results.getFirst() : out);
        String text = written.stream().map(Path::toString).collect(Collectors.joining("\n"));
        console.result(text, Map.of("written", written));
        return 0;
    }
}
