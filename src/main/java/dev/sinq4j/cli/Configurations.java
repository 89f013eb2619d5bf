package dev.sinq4j.cli;

import dev.sinq4j.config.Catalog;
import dev.sinq4j.config.ConfigLoader;
import dev.sinq4j.config.ExperimentConfig;
import dev.sinq4j.data.KnownCorpora;
import dev.sinq4j.experiment.Calibrations;
import dev.sinq4j.paper.PaperFile;
import dev.sinq4j.task.Tasks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads configurations as commands take them: the file, then {@code --set}, then the common options. */
final class Configurations {

    private static final Catalog CATALOG =
            new Catalog(List.copyOf(KnownCorpora.names()), Tasks.names(), Calibrations.names());

    private Configurations() {}

    /**
     * The configuration.
     *
     * @throws dev.sinq4j.failure.UsageFailure with every error, one a line
     */
    static ExperimentConfig load(Path file, List<String> set, CommonOptions common) {
        List<String> overrides = new ArrayList<>(set);
        if (common.backend != null)
            overrides.add("backend=" + common.backend.name().toLowerCase(Locale.ROOT));
        if (common.threads != null) overrides.add("threads=" + common.threads);
        ExperimentConfig config = new ConfigLoader(CATALOG).load(file, overrides);
        // a mistake in the paper's numbers is found before hours of computing
        if (config.report().paper() != null)
            PaperFile.read(Path.of(config.report().paper()));
        return config;
    }
}
