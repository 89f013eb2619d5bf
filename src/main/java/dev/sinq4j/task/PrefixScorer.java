package dev.sinq4j.task;

import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.engine.LogitsConsumer;
import dev.sinq4j.engine.Session;
import java.util.Arrays;
import java.util.List;

/**
 * Scores the continuations of one question after another. What all continuations of a question begin with, its context above
 * all, is computed once; so is what a question has in common with the one before, such as the same examples.
 */
final class PrefixScorer implements AutoCloseable {

    private final int vocabulary;
    private final Session session;
    private int[] held = {};

    /** @param longest inputs of a request */
    PrefixScorer(LanguageModel model, int longest) {
        vocabulary = model.architecture().vocabulary();
        session = model.session(longest);
    }

    /** Scores the requests of one question, in their order. */
    List<Score> score(List<TokenRequest> requests) {
        List<RunningScore> sums = requests.stream()
                .map(request -> new RunningScore(request, vocabulary))
                .toList();
        int[] first = requests.getFirst().ids();
        int shared = requests.stream()
                .mapToInt(request -> Math.min(common(first, request.ids()), request.inputs()))
                .min()
                .orElseThrow();
        int scoredFrom =
                requests.stream().mapToInt(TokenRequest::scoredFrom).min().orElseThrow();
        // rows of logits that are needed again are computed again; one at least, if any is needed
        int start = Math.min(Math.min(common(held, first), shared), scoredFrom - 1);
        append(first, start, shared, scoredFrom - 1, sums);
        for (RunningScore sum : sums)
            append(
                    sum.request().ids(),
                    shared,
                    sum.request().inputs(),
                    Math.max(shared, sum.request().scoredFrom() - 1),
                    List.of(sum));
        session.rewind(shared);
        held = Arrays.copyOf(first, shared);
        return sums.stream().map(RunningScore::score).toList();
    }

    /** Appends ids [from, to) at position {@code from} and scores what follows each position from {@code logitsFrom} on. */
    private void append(int[] ids, int from, int to, int logitsFrom, List<RunningScore> sums) {
        if (from >= to) return;
        session.rewind(from);
        LogitsConsumer consumer = (position, count, logits) -> sums.forEach(sum -> sum.add(position, count, logits));
        session.prefill(Arrays.copyOfRange(ids, from, to), logitsFrom, consumer);
    }

    private static int common(int[] first, int[] second) {
        int differs = Arrays.mismatch(first, second);
        return differs < 0 ? first.length : differs;
    }

    @Override
    public void close() {
        session.close();
    }
}
