package dev.sinq4j.experiment;

import dev.sinq4j.config.ConfigWriter;
import dev.sinq4j.config.ExperimentConfig;
import java.io.Serializable;
import java.util.Set;

/**
 * What a machine far away needs to compute any cell of an experiment: texts and numbers alone.
 *
 * @param config    the resolved configuration as YAML
 * @param folder    of the run, absolute: what relative paths count from, so it must be on the other machine too
 * @param command   the command line that repeats the run
 * @param gitCommit of the program, as the run's results name it
 * @param threads   CPU threads of a cell
 * @param finished  keys of the cells that need not be computed
 */
public record WorkOrder(
        String config, String folder, String command, String gitCommit, int threads, Set<String> finished)
        implements Serializable {

    public WorkOrder {
        finished = Set.copyOf(finished);
    }

    static WorkOrder of(ExperimentConfig config, String folder, Environment environment, Set<String> finished) {
        return new WorkOrder(
                ConfigWriter.yaml(config),
                folder,
                environment.command(),
                environment.gitCommit(),
                environment.threads(),
                finished);
    }
}
