package dev.sinq4j.report.paper;

import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics.Question;
import dev.sinq4j.results.Metrics.Task;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers to the questions of a task: 100 where they count and 0 where not, so that means are percent. */
final class Answers {

    private Answers() {}

    /** Whether each question is answered right. */
    static Optional<double[]> right(CellResult cell, String task) {
        return questions(cell, task)
                .map(questions -> questions.stream()
                        .mapToDouble(question -> percent(isRight(question)))
                        .toArray());
    }

    /** Whether each answer turned from right to wrong or back against the dense model of the same run. */
    static Optional<double[]> flips(CellResult cell, String task, Cells cells) {
        if (Cells.isDense(cell)) return Optional.empty();
        Optional<List<Question>> own = questions(cell, task);
        Optional<List<Question>> dense = cells.of(cell.model()).stream()
                .filter(Cells::isDense)
                .flatMap(other -> questions(other, task).stream())
                .findFirst();
        if (own.isEmpty() || dense.isEmpty()) return Optional.empty();
        Map<String, Boolean> before = new HashMap<>();
        for (Question question : dense.get()) before.put(question.id(), isRight(question));
        boolean alike = own.get().stream().allMatch(question -> before.containsKey(question.id()));
        return alike
                ? Optional.of(own.get().stream()
                        .mapToDouble(question -> percent(isRight(question) != before.get(question.id())))
                        .toArray())
                : Optional.empty();
    }

    /** Standard error of the mean, of answers taken for independent. */
    static double stderr(double[] answers) {
        double share = mean(answers) / 100;
        return 100 * Math.sqrt(share * (1 - share) / answers.length);
    }

    static double mean(double[] answers) {
        return Arrays.stream(answers).average().orElse(Double.NaN);
    }

    private static double percent(boolean counts) {
        return counts ? 100 : 0;
    }

    private static boolean isRight(Question question) {
        return question.answer() == question.predicted();
    }

    private static Optional<List<Question>> questions(CellResult cell, String task) {
        @Nullable Map<String, Task> tasks = cell.metrics().tasks();
        Task found = tasks == null ? null : tasks.get(task);
        List<Question> questions = found == null ? null : found.questions();
        return questions == null || questions.isEmpty() ? Optional.empty() : Optional.of(questions);
    }
}
