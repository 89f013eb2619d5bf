package dev.sinq4j.cli;

import dev.sinq4j.config.ExperimentConfig;
import dev.sinq4j.experiment.Cell;
import dev.sinq4j.experiment.Cells;
import dev.sinq4j.experiment.Experiment;
import dev.sinq4j.experiment.MemoryCheck;
import dev.sinq4j.experiment.Plan;
import dev.sinq4j.hub.HubSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "validate",
        description =
                "Prints every error of a configuration at once, with file:line:column; or its plan: cells, bytes to"
                        + " fetch, memory needed, rough time. Exit status 3 if a cell cannot fit in this machine's"
                        + " memory, as run would refuse it.")
final class ValidateCommand extends Subcommand {

    @Parameters(paramLabel = "CONFIG", description = "Configuration file.")
    Path config = Path.of("");

    @Option(
            names = "--set",
            paramLabel = "path=value",
            parameterConsumer = Assignments.class,
            description = "Replace a value of the configuration, for example methods[1].bits=[2,3]; repeatable.")
    List<String> set = new ArrayList<>();

    @Override
    int execute(Console console) {
        ExperimentConfig loaded = Configurations.load(config, set, common);
        List<Cell> cells = Cells.of(loaded);
        Plan plan = Experiment.plan(loaded, cells, HubSettings.fromEnvironment().cache());
        console.result(PlanText.of(plan), plan);
        MemoryCheck.require(plan, cells, Set.of());
        return 0;
    }
}
