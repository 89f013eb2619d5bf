package dev.sinq4j.engine;

/**
 * How the next token is chosen. In this order, as transformers does it: logits are divided by the temperature, all but the
 * {@code topK} largest dropped, then all but the smallest set of the most likely whose probability reaches {@code topP}.
 *
 * @param temperature 0 for the most likely token, of equals the lowest id
 * @param topK        0 for all
 * @param topP        above 0; 1 for all
 * @param seed        of the draws; the same seed gives the same text
 */
public record Sampling(double temperature, int topK, double topP, long seed) {

    public Sampling {
        if (!(temperature >= 0) || Double.isInfinite(temperature))
            throw new IllegalArgumentException("temperature must be 0 or more, was " + temperature);
        if (topK < 0) throw new IllegalArgumentException("top-k must be 0 or more, was " + topK);
        if (!(topP > 0 && topP <= 1)) throw new IllegalArgumentException("top-p must be above 0, up to 1, was " + topP);
    }

    /** The most likely token, always. */
    public static Sampling greedy() {
        return new Sampling(0, 0, 1, 0);
    }
}
