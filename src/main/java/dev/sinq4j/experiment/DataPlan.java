package dev.sinq4j.experiment;

import dev.sinq4j.config.DatasetConfig;
import dev.sinq4j.config.MetricsConfig;
import dev.sinq4j.config.MetricsConfig.DivergenceConfig;
import dev.sinq4j.config.MetricsConfig.PerplexityConfig;
import dev.sinq4j.config.MetricsConfig.TasksConfig;
import dev.sinq4j.config.ModelConfig;
import dev.sinq4j.config.TaskConfig;
import dev.sinq4j.data.CorpusFile;
import dev.sinq4j.data.TextProtocol;
import dev.sinq4j.data.TextProtocol.Bos;
import dev.sinq4j.experiment.Plan.PlannedTask;
import dev.sinq4j.experiment.Plan.PlannedText;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.task.PreparedTask;
import dev.sinq4j.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a model will be measured on.
 *
 * @param tokens the model sees in a cell; null where a text, a task or the tokenizer is not there yet
 */
record DataPlan(
        List<PlannedText> texts,
        List<PlannedTask> tasks,
        @Nullable Long tokens) {

    static DataPlan of(
            MetricsConfig metrics,
            ModelConfig model,
            Optional<Architecture> shape,
            ModelLocator.Local local,
            Datasets datasets) {
        Optional<Tokenizer> tokenizer = local.folder(model)
                .filter(path -> Files.exists(path.resolve("tokenizer.json")))
                .map(Tokenizer::open);
        Maker maker = new Maker(
                model.source(), tokenizer, shape.map(Architecture::positions).orElse(Integer.MAX_VALUE - 1), datasets);
        if (metrics.perplexity() != null) maker.perplexity(metrics.perplexity());
        if (metrics.divergence() != null) maker.divergence(metrics.divergence());
        if (metrics.tasks() != null) maker.tasks(metrics.tasks());
        return new DataPlan(maker.texts, maker.tasks, maker.known ? maker.tokens : null);
    }

    /** Gathers a model's plan. */
    private static final class Maker {

        private final String model;
        private final Optional<Tokenizer> tokenizer;
        private final int positions;
        private final Datasets datasets;
        private final List<PlannedText> texts = new ArrayList<>();
        private final List<PlannedTask> tasks = new ArrayList<>();
        private long tokens;
        private boolean known = true;

        Maker(String model, Optional<Tokenizer> tokenizer, int positions, Datasets datasets) {
            this.model = model;
            this.tokenizer = tokenizer;
            this.positions = positions;
            this.datasets = datasets;
        }

        void perplexity(PerplexityConfig perplexity) {
            int stride = Objects.requireNonNullElse(perplexity.stride(), perplexity.window());
            for (DatasetConfig dataset : perplexity.datasets())
                text("perplexity", dataset, perplexity.window(), stride, perplexity.windows());
        }

        void divergence(DivergenceConfig divergence) {
            text("divergence", divergence.dataset(), divergence.window(), divergence.window(), divergence.windows());
        }

        private void text(String use, DatasetConfig dataset, int window, int stride, @Nullable Integer limit) {
            Integer windows = null;
            String where;
            try {
                CorpusFile file = datasets.locate(dataset);
                windows = windows(file, window, stride, limit);
                where = file.path().toString();
            } catch (UnavailableFailure notHere) {
                where = "not on this machine: ./sinq4j fetch " + dataset.name();
            }
            if (windows == null) known = false;
            else tokens += (long) windows * window;
            Integer likely = windows == null ? limit : windows;
            Double smallest = likely == null || !use.equals("perplexity") ? null : SmallestDifference.ofLoss(likely);
            texts.add(new PlannedText(dataset.name(), use, model, windows, limit, window, smallest, where));
        }

        private @Nullable Integer windows(CorpusFile file, int window, int stride, @Nullable Integer limit) {
            if (tokenizer.isEmpty()) return null;
            TextProtocol protocol = new TextProtocol(
                    window, stride, Bos.NONE, limit == null ? OptionalInt.empty() : OptionalInt.of(limit));
            return protocol.windows(file.tokenize(tokenizer.get()::encode).tokens());
        }

        void tasks(TasksConfig config) {
            for (TaskConfig task : config.names()) task(task, config);
        }

        private void task(TaskConfig task, TasksConfig config) {
            Integer questions = null;
            String where;
            try {
                TaskFiles files = TaskFiles.locate(task, config, datasets.files());
                where = files.questions().path().toString();
                if (tokenizer.isPresent()) {
                    PreparedTask prepared = files.prepare(tokenizer.get(), positions);
                    questions = prepared.size();
                    tokens += prepared.tokens();
                }
            } catch (UnavailableFailure notHere) {
                where = task.file() == null
                        ? "not on this machine: ./sinq4j fetch " + task.name()
                        : String.valueOf(notHere.getMessage());
            }
            if (questions == null) known = false;
            Integer likely = questions == null ? config.limit() : questions;
            Double smallest = likely == null ? null : SmallestDifference.ofAccuracy(likely);
            tasks.add(new PlannedTask(task.name(), model, questions, config.limit(), config.shots(), smallest, where));
        }
    }
}
