package dev.sinq4j.task;

import dev.sinq4j.engine.LayerByLayer;
import dev.sinq4j.engine.LogitsConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Scores questions with a model that does not fit in memory: every continuation with its context is a text of its own, and the
 * weights are read once for as many texts as there is room for. Scores are those of {@link PrefixScorer}, to rounding.
 *
 * @param tokensAtOnce tokens whose hidden states are kept together; one question is always taken whole
 */
record StreamedQuestions(LayerByLayer model, long tokensAtOnce) {

    /**
     * Scores the requests of each question.
     *
     * @param asked called with the number of questions asked, after each pass through the model
     */
    List<List<Score>> score(List<List<TokenRequest>> questions, IntConsumer asked) {
        List<List<Score>> scores = new ArrayList<>();
        while (scores.size() < questions.size()) {
            scores.addAll(pass(questions.subList(scores.size(), end(questions, scores.size()))));
            asked.accept(scores.size());
        }
        return scores;
    }

    /** Where the questions end that fit together with the one at {@code first}. */
    private int end(List<List<TokenRequest>> questions, int first) {
        long tokens = 0;
        int end = first;
        while (end < questions.size()) {
            tokens +=
                    questions.get(end).stream().mapToLong(TokenRequest::inputs).sum();
            if (end > first && tokens > tokensAtOnce) break;
            end++;
        }
        return end;
    }

    private List<List<Score>> pass(List<List<TokenRequest>> questions) {
        int vocabulary = model.architecture().vocabulary();
        List<List<RunningScore>> sums = questions.stream()
                .map(requests -> requests.stream()
                        .map(request -> new RunningScore(request, vocabulary))
                        .toList())
                .toList();
        List<RunningScore> all = sums.stream().flatMap(List::stream).toList();
        model.logits(
                all.stream().map(sum -> sum.request().ids()).toList(),
                all.stream().map(sum -> sum.request().scoredFrom() - 1).toList(),
                all.stream().map(sum -> (LogitsConsumer) sum::add).toList());
        return sums.stream()
                .map(question -> question.stream().map(RunningScore::score).toList())
                .toList();
    }
}
