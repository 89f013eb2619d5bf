package dev.sinq4j.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "generate", description = "Streams text that continues a prompt.")
final class GenerateCommand extends Subcommand {

    @Option(names = "--model", required = true, paramLabel = "M", description = MODEL)
    String model = "";

    @Option(names = "--prompt", required = true, paramLabel = "TEXT", description = "What to continue or to answer.")
    String prompt = "";

    @Option(names = "--chat", description = "Wrap the prompt in the model's chat template.")
    boolean chat;

    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            defaultValue = "128",
            description = "Default: ${DEFAULT-VALUE}.")
    int maxNewTokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "0",
            description = "0 takes the likeliest token every time. Default: ${DEFAULT-VALUE}.")
    double temperature;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "1",
            description = "Draw from the likeliest tokens whose probabilities add up to P. Default: ${DEFAULT-VALUE}.")
    double topP;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "42", description = "Default: ${DEFAULT-VALUE}.")
    long seed;

    private final Body<GenerateCommand> body;

    GenerateCommand(Body<GenerateCommand> body) {
        this.body = body;
    }

    @Override
    int execute(Console console) throws Exception {
        return body.execute(this, console);
    }
}
