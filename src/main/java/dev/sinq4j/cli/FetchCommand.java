package dev.sinq4j.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "fetch", description = "Downloads a model or dataset into the Hugging Face cache. Resumes; verifies.")
final class FetchCommand extends Subcommand {

    @Parameters(
            paramLabel = "MODEL_OR_DATASET",
            description = "Hub id org/name, or the name of a known dataset or text.")
    String what = "";

    @Option(names = "--revision", paramLabel = "R", description = "Branch, tag or commit; main by default.")
    @Nullable
    String revision;

    private final Body<FetchCommand> body;

    FetchCommand(Body<FetchCommand> body) {
        this.body = body;
    }

    @Override
    int execute(Console console) throws Exception {
        return body.execute(this, console);
    }
}
