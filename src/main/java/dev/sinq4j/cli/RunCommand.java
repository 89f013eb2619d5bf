package dev.sinq4j.cli;

import dev.sinq4j.checkpoint.QuantizedLayerCache;
import dev.sinq4j.config.ExperimentConfig;
import dev.sinq4j.experiment.Cell;
import dev.sinq4j.experiment.Cells;
import dev.sinq4j.experiment.Cluster;
import dev.sinq4j.experiment.Experiment;
import dev.sinq4j.experiment.ExperimentRunner.Outcome;
import dev.sinq4j.experiment.MemoryCheck;
import dev.sinq4j.experiment.Plan;
import dev.sinq4j.hub.HubSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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

    @Option(
            names = "--cluster",
            paramLabel = "MASTER",
            description = "Compute the cells on Apache Spark: local[2], spark://HOST:7077, yarn or k8s://HOST:PORT.")
    @Nullable
    String cluster;

    @Option(names = "--out", paramLabel = "DIR", description = "Instead of results/<experiment>.")
    @Nullable
    Path out;

    @Option(
            names = "--set",
            paramLabel = "path=value",
            parameterConsumer = Assignments.class,
            description = "Replace a value of the configuration, for example methods[1].bits=[2,3]; repeatable.")
    List<String> set = new ArrayList<>();

    @Option(names = "--no-cache", description = "Quantize every layer anew, and keep none for another run.")
    boolean noCache;

    @Override
    int execute(Console console) {
        ExperimentConfig loaded = Configurations.load(config, set, common);
        List<Cell> cells = Cells.only(Cells.of(loaded), only);
        if (shard != null) cells = Cells.shard(cells, shard.index(), shard.count());
        Cluster machines = cluster == null ? null : Clusters.find();
        Plan plan = Experiment.plan(loaded, cells, HubSettings.fromEnvironment().cache());
        if (dryRun) {
            console.result(PlanText.of(plan), plan);
            if (machines == null) MemoryCheck.require(plan, cells, Set.of());
            return 0;
        }
        if (!console.json()) console.say(PlanText.of(plan));
        Path folder = out == null ? Experiment.defaultFolder(loaded) : out;
        return run(loaded, cells, plan, folder, machines, console);
    }

    private int run(
            ExperimentConfig loaded,
            List<Cell> cells,
            Plan plan,
            Path folder,
            @Nullable Cluster machines,
            Console console) {
        try (HubAccess hub = new HubAccess(console)) {
            Experiment experiment = new Experiment(
                    loaded,
                    repeatingCommand(),
                    hub.models(),
                    hub.hub(),
                    noCache ? Optional.empty() : Optional.of(QuantizedLayerCache.ofUser()));
            if (machines == null) {
                List<Cell> tooLarge = MemoryCheck.tooLarge(plan, cells);
                MemoryCheck.require(plan, cells, experiment.finished(tooLarge, folder));
            }
            CellLines lines = new CellLines(console);
            Outcome outcome = machines == null || cluster == null
                    ? experiment.run(cells, folder, lines, console.progress())
                    : experiment.run(cells, folder, lines, machines, cluster);
            List<Path> written = Reports.write(folder, loaded.report());
            console.result(text(outcome, folder, written), new Ran(plan, outcome, written));
            return outcome.failed() > 0 ? 1 : 0;
        }
    }

    /** What makes the same results again: the configuration and what was set over it; not which of its cells, or where. */
    private String repeatingCommand() {
        return set.stream()
                .map(assignment -> " --set '" + assignment.replace("'", "'\\''") + "'")
                .collect(Collectors.joining("", "./sinq4j run " + config, ""));
    }

    private static String text(Outcome outcome, Path folder, List<Path> written) {
        String failed = outcome.failed() == 0 ? "" : ", " + outcome.failed() + " failed";
        String page = written.stream()
                .filter(path -> path.endsWith("report.html"))
                .map(path -> "\npage: " + path)
                .findFirst()
                .orElse("");
        return outcome.computed() + " cells computed, " + outcome.kept() + " kept" + failed + "; results in " + folder
                + page;
    }

    /** What {@code --json} shows. */
    private record Ran(Plan plan, Outcome outcome, List<Path> written) {}
}
