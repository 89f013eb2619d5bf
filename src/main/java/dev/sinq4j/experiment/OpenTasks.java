package dev.sinq4j.experiment;

import dev.sinq4j.config.MetricsConfig.TasksConfig;
import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.hub.FileSource;
import dev.sinq4j.progress.Progress;
import dev.sinq4j.results.Metrics;
import dev.sinq4j.results.Metrics.Question;
import dev.sinq4j.task.PreparedTask;
import dev.sinq4j.task.TaskScores;
import dev.sinq4j.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The tasks of an experiment in one model's tokens, with the dense model's answers as soon as there are any. */
final class OpenTasks {

    private final List<PreparedTask> tasks = new ArrayList<>();
    private final Map<String, String> sha256 = new LinkedHashMap<>();
    private final Map<String, List<Question>> dense = new LinkedHashMap<>();

    OpenTasks(@Nullable TasksConfig config, FileSource files, Supplier<Tokenizer> tokenizer, int positions) {
        if (config == null) return;
        for (var named : config.names()) {
            TaskFiles found = TaskFiles.locate(named, config, files);
            sha256.putAll(found.hashes());
            tasks.add(found.prepare(tokenizer.get(), positions));
        }
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** SHA-256 of each file. */
    Map<String, String> sha256() {
        return sha256;
    }

    /** A model that answers. */
    @FunctionalInterface
    interface Asked {
        /** @param done called with the number of questions answered */
        List<Question> answers(PreparedTask task, IntConsumer done);

        /** A model in memory. */
        static Asked of(LanguageModel model) {
            return (task, done) -> task.ask(model, done);
        }
    }

    /** Whether the dense model's answers are known. */
    boolean knowsDense() {
        return tasks.stream().allMatch(task -> dense.containsKey(task.task().name()));
    }

    /** Takes the dense model's answers from an earlier run. */
    void rememberDense(Map<String, List<Question>> answers) {
        dense.putAll(answers);
    }

    /** Asks the dense model, unless its answers are known, and remembers them. */
    void askDense(Asked model, Progress progress) {
        for (PreparedTask task : tasks)
            if (!dense.containsKey(task.task().name())) dense.put(task.task().name(), ask(task, model, progress));
    }

    /** Figures of the dense model. */
    Map<String, Metrics.Task> ofDense(Asked model, Progress progress) {
        askDense(model, progress);
        Map<String, Metrics.Task> figures = new LinkedHashMap<>();
        for (PreparedTask task : tasks) {
            String name = task.task().name();
            figures.put(name, TaskScores.of(task, dense.getOrDefault(name, List.of()), null));
        }
        return figures;
    }

    /** Figures of a quantized model, compared with the dense model's answers, which must be known. */
    Map<String, Metrics.Task> of(Asked model, Progress progress) {
        Map<String, Metrics.Task> figures = new LinkedHashMap<>();
        for (PreparedTask task : tasks) {
            String name = task.task().name();
            figures.put(name, TaskScores.of(task, ask(task, model, progress), dense.get(name)));
        }
        return figures;
    }

    private static List<Question> ask(PreparedTask task, Asked model, Progress progress) {
        try (Progress.Task questions =
                progress.begin("questions of " + task.task().name(), task.size())) {
            return model.answers(task, new Advance(questions));
        }
    }

    /** Moves a progress on to a number of questions. */
    private static final class Advance implements IntConsumer {

        private final Progress.Task questions;
        private int before;

        Advance(Progress.Task questions) {
            this.questions = questions;
        }

        @Override
        public void accept(int done) {
            questions.advance(done - before);
            before = done;
        }
    }
}
