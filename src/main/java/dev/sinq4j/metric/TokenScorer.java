package dev.sinq4j.metric;

/** A model that can say how surprised it is. */
@FunctionalInterface
public interface TokenScorer {

    /**
     * Negative log-likelihoods in nats: element i is that of {@code ids[i + 1]} after {@code ids[0 .. i]}.
     *
     * @return {@code ids.length - 1} numbers
     */
    double[] nll(int[] ids);
}
