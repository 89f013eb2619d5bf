package dev.sinq4j.experiment;

import dev.sinq4j.config.MetricsConfig.TasksConfig;
import dev.sinq4j.config.TaskConfig;
import dev.sinq4j.data.CorpusSource;
import dev.sinq4j.data.RowFile;
import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.hub.FileSource;
import dev.sinq4j.task.PreparedTask;
import dev.sinq4j.task.PreparedTask.Protocol;
import dev.sinq4j.task.QuestionRows;
import dev.sinq4j.task.Task;
import dev.sinq4j.task.Tasks;
import dev.sinq4j.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A task's files on this machine.
 *
 * @param examples null where none are wanted
 */
record TaskFiles(
        Task task,
        Protocol protocol,
        RowFile questions,
        @Nullable RowFile examples) {

    /**
     * Finds the files.
     *
     * @param files where files of the hub come from
     * @throws dev.sinq4j.failure.UnavailableFailure if one is not there
     */
    static TaskFiles locate(TaskConfig config, TasksConfig all, FileSource files) {
        Task task = Tasks.find(config.name())
                .orElseThrow(() -> new UsageFailure(
                        "there is no task '" + config.name() + "'; known are " + String.join(", ", Tasks.names())));
        String file = config.file();
        RowFile questions = RowFile.locate(
                task.name(), file == null ? task.questions() : new CorpusSource.Local(Path.of(file)), files);
        Protocol protocol =
                new Protocol(Objects.requireNonNullElse(all.limit(), Integer.MAX_VALUE), all.shots(), all.bos());
        RowFile examples = all.shots() == 0 ? null : examples(config, task, questions, files);
        return new TaskFiles(task, protocol, questions, examples);
    }

    private static RowFile examples(TaskConfig config, Task task, RowFile questions, FileSource files) {
        String name = task.name() + " examples";
        String written = config.examples();
        if (written != null) return RowFile.locate(name, new CorpusSource.Local(Path.of(written)), files);
        if (task.examples().isEmpty()) return questions;
        if (config.file() != null)
            throw new UsageFailure("metrics.tasks: " + task.name() + " is asked from " + config.file()
                    + " with shots, but there is no file of examples; add examples: PATH");
        return RowFile.locate(name, task.examples().get(), files);
    }

    /** SHA-256 of every file that is read. */
    Map<String, String> hashes() {
        Map<String, String> hashes = new LinkedHashMap<>(questions.hashes());
        if (examples != null && !examples.path().equals(questions.path())) hashes.putAll(examples.hashes());
        return hashes;
    }

    /** The rows of the files. */
    QuestionRows rows() {
        return QuestionRows.read(questions, examples);
    }

    /** The questions in a model's tokens. */
    PreparedTask prepare(Tokenizer tokenizer, int positions) {
        return PreparedTask.of(task, rows(), protocol, tokenizer, positions);
    }
}
