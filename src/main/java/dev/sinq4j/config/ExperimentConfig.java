package dev.sinq4j.config;

import dev.sinq4j.config.bind.Setting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An experiment as asked for: every model by every method by every metric. What a {@link ConfigLoader} hands out is complete
 * and consistent: defaults filled in, names known, paths usable from the working directory.
 */
public record ExperimentConfig(
        @Setting(
                value = "Name of the experiment, and of its folder under results/",
                pattern = "[A-Za-z0-9][A-Za-z0-9._-]*",
                patternSays = "a folder name (letters, digits, '.', '_' and '-', beginning with a letter or a digit)")
        String experiment,

        @Setting(value = "What the experiment is for; stands above its tables", fallback = "''")
        String description,

        @Setting(
                value = "The implementation the methods follow",
                fallback = "{repository: huawei-csl/SINQ, commit: bbbc6571e625ae6837813734abc94e776923d82f}")
        Reference reference,

        @Setting(value = "Seed of everything random", fallback = "42")
        long seed,

        @Setting(value = "Where to compute; auto takes the GPU where there is one", fallback = "auto")
        Backend backend,

        @Setting(value = "CPU threads; all processors if absent", min = 1, max = 4096) @Nullable
        Integer threads,

        @Setting(value = "Models to quantize and measure") List<ModelConfig> models,

        @Setting(value = "Methods; lists within one multiply into cells")
        List<MethodConfig> methods,

        @Setting(value = "What to measure; an absent metric is not measured", fallback = "{}")
        MetricsConfig metrics,

        @Setting(value = "Which tables, figures and pages to make", fallback = "{}")
        ReportConfig report) {

    /** The commit of the implementation that the methods reproduce. */
    public record Reference(
            @Setting(value = "GitHub repository, owner/name", pattern = "[^/\\s]+/[^/\\s]+", patternSays = "owner/name")
            String repository,

            @Setting(
                    value = "Commit",
                    pattern = "[0-9a-f]{40}",
                    patternSays = "a commit (40 lower-case hexadecimal digits)")
            String commit) {}
}
