package dev.sinq4j.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "bench", description = "Prefill and decode speed, with raw samples.")
final class BenchCommand extends Subcommand {

    @Option(names = "--model", required = true, paramLabel = "M", description = MODEL)
    String model = "";

    @Option(
            names = "--prompt-tokens",
            paramLabel = "N",
            defaultValue = "512",
            description = "Default: ${DEFAULT-VALUE}.")
    int promptTokens;

    @Option(
            names = "--generate-tokens",
            paramLabel = "N",
            defaultValue = "128",
            description = "Default: ${DEFAULT-VALUE}.")
    int generateTokens;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "5",
            description = "After warming up. Default: ${DEFAULT-VALUE}.")
    int repetitions;

    private final Body<BenchCommand> body;

    BenchCommand(Body<BenchCommand> body) {
        this.body = body;
    }

    @Override
    int execute(Console console) throws Exception {
        return body.execute(this, console);
    }
}
