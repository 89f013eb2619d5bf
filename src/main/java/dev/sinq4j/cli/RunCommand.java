package dev.sinq4j.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = "Runs an experiment. A second run computes only what is missing.",
        footer = {
            "",
            "Exit status 1: finished, but at least one cell failed (the others are stored).",
            "Example: ./sinq4j run configs/quickstart.yaml --only method=sinq --set metrics.perplexity.windows=4"
        })
final class RunCommand extends Subcommand {

    @Parameters(paramLabel = "CONFIG", description = "Configuration file.")
    Path config = Path.of("");

    @Option(names = "--dry-run", description = "Print the plan and compute nothing.")
    boolean dryRun;

    @Option(
            names = "--only",
            paramLabel = "KEY=VALUE",
            parameterConsumer = Assignments.class,
            description = "Only the cells whose model, method, bits, group, tiling or aux has this value; repeatable,"
                    + " values of one key add up, different keys narrow.")
    List<String> only = new ArrayList<>();

    @Option(
            names = "--shard",
            paramLabel = "I/N",
            converter = Shard.Converter.class,
            description = "Only every Nth cell, beginning with the Ith (1 to N): to spread a run over machines.")
    @Nullable
    Shard shard;

    @Option(names = "--out", paramLabel = "DIR", description = "Instead of results/<experiment>.")
    @Nullable
    Path out;

    @Option(
            names = "--set",
            paramLabel = "path=value",
            parameterConsumer = Assignments.class,
            description = "Replace a value of the configuration, for example methods[1].bits=[2,3]; repeatable.")
    List<String> set = new ArrayList<>();

    private final Body<RunCommand> body;

    RunCommand(Body<RunCommand> body) {
        this.body = body;
    }

    @Override
    int execute(Console console) throws Exception {
        return body.execute(this, console);
    }
}
