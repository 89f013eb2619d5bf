package dev.sinq4j.task;

import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.engine.LogitsConsumer;
import dev.sinq4j.engine.Session;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

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

    /**
     * What the model makes of a continuation.
     *
     * @param logLikelihood of all its tokens together, nats
     * @param greedy        whether each is the likeliest
     */
    record Score(double logLikelihood, boolean greedy) {}

    /** Scores the requests of one question, in their order. */
    List<Score> score(List<TokenRequest> requests) {
        List<Sum> sums = requests.stream().map(Sum::new).toList();
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
        for (Sum sum : sums)
            append(
                    sum.request.ids(),
                    shared,
                    sum.request.inputs(),
                    Math.max(shared, sum.request.scoredFrom() - 1),
                    List.of(sum));
        session.rewind(shared);
        held = Arrays.copyOf(first, shared);
        return sums.stream().map(Sum::score).toList();
    }

    /** Appends ids [from, to) at position {@code from} and scores what follows each position from {@code logitsFrom} on. */
    private void append(int[] ids, int from, int to, int logitsFrom, List<Sum> sums) {
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

    /** A request's score so far. */
    private final class Sum {

        private final TokenRequest request;
        private double logLikelihood;
        private boolean greedy = true;

        Sum(TokenRequest request) {
            this.request = request;
        }

        /** Each row is looked at by one thread; rows are added in their order. */
        void add(int position, int count, float[] logits) {
            int first = Math.max(0, request.scoredFrom() - 1 - position);
            TokenScore[] rows = new TokenScore[count];
            IntStream.range(first, count)
                    .parallel()
                    .forEach(row -> rows[row] =
                            TokenScore.of(logits, row * vocabulary, vocabulary, request.ids()[position + row + 1]));
            for (int row = first; row < count; row++) {
                logLikelihood += rows[row].logProbability();
                greedy &= rows[row].likeliest();
            }
        }

        Score score() {
            return new Score(logLikelihood, greedy);
        }
    }

    /** One token: log-softmax in fp64; of equally likely tokens the first counts as likeliest. */
    private record TokenScore(double logProbability, boolean likeliest) {

        static TokenScore of(float[] logits, int offset, int vocabulary, int target) {
            int best = 0;
            for (int token = 1; token < vocabulary; token++)
                if (logits[offset + token] > logits[offset + best]) best = token;
            double largest = logits[offset + best];
            double sum = 0;
            for (int token = 0; token < vocabulary; token++) sum += Math.exp(logits[offset + token] - largest);
            return new TokenScore(logits[offset + target] - largest - Math.log(sum), best == target);
        }
    }
}
