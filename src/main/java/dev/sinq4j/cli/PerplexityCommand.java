package dev.sinq4j.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "perplexity", description = "One figure, with its protocol and standard error.")
final class PerplexityCommand extends Subcommand {

    @Option(names = "--model", required = true, paramLabel = "M", description = MODEL)
    String model = "";

    @Option(
            names = "--text",
            required = true,
            paramLabel = "FILE",
            description = "Text file, or the name of a known dataset.")
    String text = "";

    @Option(
            names = "--window",
            paramLabel = "N",
            defaultValue = "2048",
            description = "Tokens of a window. Default: ${DEFAULT-VALUE}.")
    int window;

    @Option(names = "--windows", paramLabel = "N", description = "Windows to measure; all by default.")
    @Nullable
    Integer windows;

    @Option(
            names = "--stride",
            paramLabel = "N",
            description = "Tokens between two windows' starts; the window by default.")
    @Nullable
    Integer stride;

    private final Body<PerplexityCommand> body;

    PerplexityCommand(Body<PerplexityCommand> body) {
        this.body = body;
    }

    @Override
    int execute(Console console) throws Exception {
        return body.execute(this, console);
    }
}
