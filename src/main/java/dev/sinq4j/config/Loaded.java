package dev.sinq4j.config;

import dev.sinq4j.config.bind.Problem;
import dev.sinq4j.failure.UsageFailure;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What became of a configuration file.
 *
 * @param config   there exactly if there are no problems
 * @param problems in the order of the file
 */
public record Loaded(Optional<ExperimentConfig> config, List<Problem> problems) {

    /** The configuration, or a failure that lists every problem, one a line. */
    public ExperimentConfig orFail() {
        return config.orElseThrow(
                () -> new UsageFailure(problems.stream().map(Problem::toString).collect(Collectors.joining("\n"))));
    }
}
