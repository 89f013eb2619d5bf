package dev.sinq4j.metric;

import dev.sinq4j.results.Metrics.Divergence;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Distance of a model's next-token distributions from those of a base model, position by position.
 *
 * <pre>
 *   KL       = sum over tokens t with log p(t) > -16 of p(t) (log p(t) - log q(t))      p of the base, q of the model, nats
 *   top-1    = share of positions where both have the same most likely token
 *   delta-p  = q(target) - p(target); its root mean square is kept
 * </pre>
 *
 * Source: llama-perplexity's {@code --kl-divergence}, which scores the second half of each window; unlike there, the base is
 * not rounded to 16 bits. Percentiles are interpolated. Softmax in fp64.
 */
public final class Divergences {

    private static final double SMALLEST_LOG_PROBABILITY = -16;

    private double[] kl = new double[1024];
    private double[] deltaP = new double[1024];
    private int sameTop;
    private int positions;

    /**
     * Takes a few positions.
     *
     * @param base    (count, vocabulary), logits of the base model
     * @param model   (count, vocabulary), logits of the model
     * @param targets (count), the tokens that really came next
     */
    public void add(float[] base, float[] model, int count, int vocabulary, int[] targets) {
        if (positions + count > kl.length) {
            int capacity = Math.max(2 * kl.length, positions + count);
            kl = Arrays.copyOf(kl, capacity);
            deltaP = Arrays.copyOf(deltaP, capacity);
        }
        boolean[] same = new boolean[count];
        int first = positions;
        IntStream.range(0, count).parallel().forEach(i -> {
            Row p = new Row(base, i * vocabulary, vocabulary);
            Row q = new Row(model, i * vocabulary, vocabulary);
            kl[first + i] = p.divergence(q);
            deltaP[first + i] = q.probability(targets[i]) - p.probability(targets[i]);
            same[i] = p.top() == q.top();
        });
        for (boolean each : same) if (each) sameTop++;
        positions += count;
    }

    /** What was taken so far, at least one position. */
    public Divergence summary(int window, int windows) {
        double[] sorted = Arrays.copyOf(kl, positions);
        Arrays.sort(sorted);
        double mean = Arrays.stream(kl, 0, positions).sum() / positions;
        double squares = Arrays.stream(kl, 0, positions)
                .map(x -> (x - mean) * (x - mean))
                .sum();
        double rms =
                Math.sqrt(Arrays.stream(deltaP, 0, positions).map(x -> x * x).sum() / positions);
        return new Divergence(
                mean,
                positions < 2 ? 0 : Math.sqrt(squares / (positions - 1) / positions),
                quantile(sorted, 0.5),
                quantile(sorted, 0.99),
                sorted[positions - 1],
                (double) sameTop / positions,
                rms,
                window,
                windows,
                positions);
    }

    /** KL of every position so far, in the order taken. */
    double[] perPosition() {
        return Arrays.copyOf(kl, positions);
    }

    private static double quantile(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /** One distribution. */
    private record Row(float[] logits, int offset, int length, int top, double logSum) {

        Row(float[] logits, int offset, int length) {
            this(logits, offset, length, top(logits, offset, length));
        }

        private Row(float[] logits, int offset, int length, int top) {
            this(logits, offset, length, top, logSum(logits, offset, length, logits[offset + top]));
        }

        double logProbability(int token) {
            return logits[offset + token] - logSum;
        }

        double probability(int token) {
            return Math.exp(logProbability(token));
        }

        double divergence(Row other) {
            double sum = 0;
            for (int token = 0; token < length; token++) {
                double logP = logProbability(token);
                if (logP > SMALLEST_LOG_PROBABILITY) sum += Math.exp(logP) * (logP - other.logProbability(token));
            }
            return sum;
        }

        private static int top(float[] logits, int offset, int length) {
            int best = 0;
            for (int token = 1; token < length; token++)
                if (logits[offset + token] > logits[offset + best]) best = token;
            return best;
        }

        private static double logSum(float[] logits, int offset, int length, float largest) {
            double sum = 0;
            for (int token = 0; token < length; token++) sum += Math.exp((double) logits[offset + token] - largest);
            return largest + Math.log(sum);
        }
    }
}
