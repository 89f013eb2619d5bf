package dev.sinq4j.metric;

import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.engine.Session;
import dev.sinq4j.results.Metrics.Throughput;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Prefill and decode speed, apart. The prompt is random tokens of the vocabulary, decode feeds back random ones: what is
 * computed does not depend on which. One repetition runs first to warm up and is not counted.
 *
 * @param promptTokens   tokens of the prompt
 * @param generateTokens tokens decoded after it
 * @param repetitions    how often, each on a fresh cache
 * @param seed           of the tokens
 */
public record Speed(int promptTokens, int generateTokens, int repetitions, long seed) {

    /** Tokens a second, one sample a repetition. */
    public Throughput measure(LanguageModel model) {
        int[] ids = new SplittableRandom(seed)
                .ints(promptTokens + generateTokens, 0, model.architecture().vocabulary())
                .toArray();
        List<Double> prefill = new ArrayList<>();
        List<Double> decode = new ArrayList<>();
        for (int repetition = -1; repetition < repetitions; repetition++)
            repeat(
                    model,
                    ids,
                    repetition < 0 ? new ArrayList<>() : prefill,
                    repetition < 0 ? new ArrayList<>() : decode);
        return new Throughput(prefill, decode, promptTokens, generateTokens, 1);
    }

    private void repeat(LanguageModel model, int[] ids, List<Double> prefill, List<Double> decode) {
        int[] prompt = java.util.Arrays.copyOf(ids, promptTokens);
        try (Session session = model.session(ids.length)) {
            long start = System.nanoTime();
            session.prefill(prompt);
            long middle = System.nanoTime();
            for (int i = promptTokens; i < ids.length; i++) session.next(ids[i]);
            long end = System.nanoTime();
            prefill.add(promptTokens * 1e9 / (middle - start));
            decode.add(generateTokens * 1e9 / (end - middle));
        }
    }
}
