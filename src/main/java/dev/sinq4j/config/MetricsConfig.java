package dev.sinq4j.config;

import dev.sinq4j.config.bind.Setting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What to measure in every cell; absent is not measured. */
public record MetricsConfig(
        @Setting("Perplexity on texts") @Nullable PerplexityConfig perplexity,

        @Setting("Distance of the predictions from those of method none") @Nullable
        DivergenceConfig divergence,

        @Setting("Accuracy on multiple-choice questions, and flips against method none") @Nullable
        TasksConfig tasks,

        @Setting(value = "Bytes of weights, bits per weight, peaks", fallback = "true")
        boolean memory,

        @Setting("Prefill and decode speed") @Nullable ThroughputConfig throughput) {

    /** Perplexity's protocol; {@code stride} is never null once loaded. */
    public record PerplexityConfig(
            @Setting(value = "Texts, by name or file", oneOrMany = true)
            List<DatasetConfig> datasets,

            @Setting(value = "Tokens of a window", fallback = "2048", min = 2, max = 1 << 24)
            int window,

            @Setting(value = "Tokens between the starts of two windows; the window if absent", min = 1, max = 1 << 24)
            @Nullable
            Integer stride,

            @Setting(value = "Windows to measure; all if absent", min = 1, max = 1 << 24) @Nullable
            Integer windows,

            @Setting(
                    value = "Beginning-of-text token: auto as the tokenizer has it, none, or at the start of every"
                            + " window",
                    fallback = "auto")
            Bos bos) {}

    /** Which text the distributions are compared on. */
    public record DivergenceConfig(
            @Setting("Text, by name or file") DatasetConfig dataset,

            @Setting(value = "Tokens of a window", fallback = "2048", min = 4, max = 1 << 24)
            int window,

            @Setting(value = "Windows to measure; all if absent", min = 1, max = 1 << 24) @Nullable
            Integer windows) {}

    /** Which questions are asked. */
    public record TasksConfig(
            @Setting(value = "Tasks, by name, or with a file of the questions", oneOrMany = true)
            List<TaskConfig> names,

            @Setting(value = "Questions of each task, of each subject of mmlu; all if absent", min = 1, max = 1 << 24)
            @Nullable
            Integer limit,

            @Setting(value = "Examples in front of each question", fallback = "0", min = 0, max = 100)
            int shots,

            @Setting(
                    value = "Whether the tokenizer's special tokens stand in front; lm-evaluation-harness leaves them"
                            + " out",
                    fallback = "false")
            boolean bos) {}

    /** How speed is measured. */
    public record ThroughputConfig(
            @Setting(value = "Tokens of the prompt", fallback = "512", min = 1, max = 1 << 24)
            int promptTokens,

            @Setting(value = "Tokens generated after it", fallback = "128", min = 1, max = 1 << 24)
            int generateTokens,

            @Setting(value = "Repetitions after warming up, every one kept", fallback = "5", min = 1, max = 10_000)
            int repetitions,

            @Setting(
                    value = "Sequences at once, each number measured",
                    fallback = "[1]",
                    min = 1,
                    max = 64,
                    oneOrMany = true)
            List<Integer> batch) {}
}
