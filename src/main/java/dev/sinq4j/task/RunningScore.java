package dev.sinq4j.task;

import java.util.stream.IntStream;

/** A request's score so far. */
final class RunningScore {

    private final TokenRequest request;
    private final int vocabulary;
    private double logLikelihood;
    private boolean greedy = true;

    RunningScore(TokenRequest request, int vocabulary) {
        this.request = request;
        this.vocabulary = vocabulary;
    }

    TokenRequest request() {
        return request;
    }

    /**
     * Takes the logits of some of the request's inputs, after those of all before. Each row is looked at by one thread; rows are
     * added in their order.
     *
     * @param position of the first of {@code count} inputs
     * @param logits   (count, vocabulary)
     */
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
