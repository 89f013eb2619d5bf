package dev.sinq4j.metric;

import dev.sinq4j.data.DocumentJoin;
import dev.sinq4j.data.TextProtocol;
import dev.sinq4j.data.Window;
import dev.sinq4j.results.Metrics.Perplexity;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Perplexity by the reference's protocol: {@code exp} of the mean over windows of a window's mean loss.
 *
 * <p>Source: SINQ reference, evaluation script; standard error over windows by the delta method, {@code value * s / sqrt(n)}.
 */
public final class Perplexities {

    private Perplexities() {}

    /**
     * @param windows  of {@code protocol}, at least one
     * @param tokens   tokens of the whole text
     * @param finished called with the number of windows done, after each
     */
    public static Perplexity measure(
            TokenScorer model,
            List<Window> windows,
            TextProtocol protocol,
            DocumentJoin join,
            long tokens,
            IntConsumer finished) {
        List<Double> means = new ArrayList<>(windows.size());
        long scored = 0;
        for (Window window : windows) {
            means.add(mean(model.nll(window.ids()), window));
            scored += window.scored();
            finished.accept(means.size());
        }
        double mean = means.stream().mapToDouble(Double::doubleValue).sum() / means.size();
        double value = Math.exp(mean);
        return new Perplexity(
                value,
                standardError(means, mean, value),
                protocol.window(),
                protocol.stride(),
                windows.size(),
                tokens,
                scored,
                protocol.bos().word(),
                TextProtocol.TAIL,
                join.description(),
                List.copyOf(means));
    }

    private static double mean(double[] losses, Window window) {
        double sum = 0;
        for (int i = window.scoredFrom(); i <= losses.length; i++) sum += losses[i - 1];
        return sum / window.scored();
    }

    private static @Nullable Double standardError(List<Double> means, double mean, double value) {
        int n = means.size();
        if (n < 2) return null;
        double squares = 0;
        for (double each : means) squares += (each - mean) * (each - mean);
        return value * Math.sqrt(squares / (n - 1) / n);
    }
}
