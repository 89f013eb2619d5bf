package dev.sinq4j.task;

import dev.sinq4j.results.Metrics;
import dev.sinq4j.results.Metrics.Against;
import dev.sinq4j.results.Metrics.Question;
import dev.sinq4j.task.Task.Scoring;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Answers from log-likelihoods, and a task's figures from its answers.
 *
 * <pre>
 *   acc       share of questions whose likeliest choice is right; the first wins ties
 *   acc_norm  the same of log-likelihood / characters of the choice
 *   stderr    sqrt(sum of squares within groups / (n - groups) / n)
 *   flips     share of questions answered otherwise than by the dense model
 * </pre>
 *
 * Source: lm-evaluation-harness 0.4.8, {@code ConfigurableTask.process_results}, {@code pooled_sample_stderr}; its perplexity is
 * {@code exp(-mean log-likelihood)}, whose standard error is by the delta method here and by bootstrap there.
 */
public final class TaskScores {

    /** Answer to a completion that is not the model's own. */
    private static final int ANOTHER = -1;

    private TaskScores() {}

    static Question answer(Task task, PreparedTask.Question question, List<Score> scores) {
        double[] plain = scores.stream().mapToDouble(Score::logLikelihood).toArray();
        double[] normalized = new double[plain.length];
        Arrays.setAll(normalized, i -> plain[i] / question.lengths().get(i));
        boolean completion = task.scoring() == Scoring.COMPLETION;
        int predicted = completion ? scores.getFirst().greedy() ? 0 : ANOTHER : largest(plain);
        return new Question(
                question.id(),
                question.answer(),
                predicted,
                task.scoring() == Scoring.NORMALIZED ? largest(normalized) : predicted,
                Arrays.stream(plain).boxed().toList());
    }

    private static int largest(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
        return best;
    }

    /**
     * The figures of a task.
     *
     * @param answers of all its questions, in their order
     * @param dense   the dense model's answers to the same questions; null for the dense model itself
     */
    public static Metrics.Task of(PreparedTask prepared, List<Question> answers, @Nullable List<Question> dense) {
        List<String> groups =
                prepared.questions().stream().map(PreparedTask.Question::group).toList();
        Scoring scoring = prepared.task().scoring();
        boolean normalized = scoring == Scoring.NORMALIZED;
        double[] right = right(answers, Question::predicted);
        double[] rightNormalized = right(answers, Question::predictedNorm);
        double[] surprise = answers.stream()
                .mapToDouble(answer -> -answer.loglikelihoods().getFirst())
                .toArray();
        Double perplexity = scoring == Scoring.COMPLETION ? Math.exp(mean(surprise)) : null;
        Double surpriseError = standardError(surprise, groups);
        Against against = dense == null ? null : against(answers, dense, Question::predicted);
        return new Metrics.Task(
                mean(right),
                standardError(right, groups),
                normalized ? mean(rightNormalized) : null,
                normalized ? standardError(rightNormalized, groups) : null,
                perplexity,
                perplexity == null || surpriseError == null ? null : perplexity * surpriseError,
                against == null ? null : (double) against.changed() / answers.size(),
                against,
                dense == null || !normalized ? null : against(answers, dense, Question::predictedNorm),
                answers.size(),
                prepared.protocol().shots(),
                prepared.protocol().bos(),
                null,
                answers);
    }

    private static double[] right(List<Question> answers, ToIntFunction<Question> predicted) {
        return answers.stream()
                .mapToDouble(answer -> predicted.applyAsInt(answer) == answer.answer() ? 1 : 0)
                .toArray();
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) sum += value;
        return sum / values.length;
    }

    private static @Nullable Double standardError(double[] values, List<String> groups) {
        Map<String, List<Double>> byGroup = new HashMap<>();
        for (int i = 0; i < values.length; i++)
            byGroup.computeIfAbsent(groups.get(i), group -> new ArrayList<>()).add(values[i]);
        int free = values.length - byGroup.size();
        if (free < 1) return null;
        double squares = 0;
        for (List<Double> group : byGroup.values()) squares += squares(group);
        return Math.sqrt(squares / free / values.length);
    }

    private static double squares(List<Double> values) {
        double mean = values.stream().mapToDouble(Double::doubleValue).sum() / values.size();
        double squares = 0;
        for (double value : values) squares += (value - mean) * (value - mean);
        return squares;
    }

    private static Against against(List<Question> answers, List<Question> dense, ToIntFunction<Question> predicted) {
        int changed = 0;
        int gained = 0;
        int lost = 0;
        for (int i = 0; i < answers.size(); i++) {
            int here = predicted.applyAsInt(answers.get(i));
            int there = predicted.applyAsInt(dense.get(i));
            int answer = answers.get(i).answer();
            if (here != there) changed++;
            if (here == answer && there != answer) gained++;
            if (here != answer && there == answer) lost++;
        }
        return new Against(changed, gained, lost);
    }
}
