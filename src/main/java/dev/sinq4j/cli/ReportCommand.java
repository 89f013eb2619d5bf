package dev.sinq4j.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "report", description = "Makes tables, figures and the page again, from stored results alone.")
final class ReportCommand extends Subcommand {

    @Parameters(arity = "1..*", paramLabel = "RESULTS_DIR", description = "Folders with a results.jsonl.")
    List<Path> results = new ArrayList<>();

    private final Body<ReportCommand> body;

    ReportCommand(Body<ReportCommand> body) {
        this.body = body;
    }

    @Override
    int execute(Console console) throws Exception {
        return body.execute(this, console);
    }
}
