package dev.sinq4j.engine;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Draws tokens, one after another, as a {@link Sampling} says. */
final class Sampler {

    private final Sampling sampling;
    private final SplittableRandom random;

    Sampler(Sampling sampling) {
        this.sampling = sampling;
        this.random = new SplittableRandom(sampling.seed());
    }

    /** @param logits (vocabulary) */
    int choose(float[] logits) {
        if (sampling.temperature() == 0) return largest(logits);
        int[] ranked = ranked(logits);
        double[] weights = weights(logits, ranked);
        return ranked[draw(weights, nucleus(weights))];
    }

    private static int largest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) if (logits[i] > logits[best]) best = i;
        return best;
    }

    /** Ids by falling logit, of equals the lower first; only as many as top-k keeps. */
    private int[] ranked(float[] logits) {
        int kept = sampling.topK() == 0 ? logits.length : Math.min(sampling.topK(), logits.length);
        return IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer id) -> -logits[id]))
                .limit(kept)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Probabilities but for their common factor. */
    private double[] weights(float[] logits, int[] ranked) {
        double largest = logits[ranked[0]];
        return Arrays.stream(ranked)
                .mapToDouble(id -> Math.exp((logits[id] - largest) / sampling.temperature()))
                .toArray();
    }

    /** How many of the most likely reach top-p together; at least one. */
    private int nucleus(double[] weights) {
        double enough = sampling.topP() * Arrays.stream(weights).sum();
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i];
            if (sum >= enough) return i + 1;
        }
        return weights.length;
    }

    private int draw(double[] weights, int kept) {
        double at = random.nextDouble() * Arrays.stream(weights, 0, kept).sum();
        for (int i = 0; i < kept - 1; i++) {
            at -= weights[i];
            if (at < 0) return i;
        }
        return kept - 1;
    }
}
