package dev.sinq4j.metric;

import dev.sinq4j.engine.BatchSession;
import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.results.Metrics.Throughput;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Prefill and decode speed, apart. The prompts are random tokens of the vocabulary, decode feeds back random ones: what is
 * computed does not depend on which. Per batch, one repetition runs first to warm up and is not counted.
 *
 * @param promptTokens   tokens of each sequence's prompt
 * @param generateTokens tokens decoded after it
 * @param repetitions    how often, each on a fresh cache
 * @param batches        sequences at once, one measurement each
 * @param seed           of the tokens
 */
public record Speed(int promptTokens, int generateTokens, int repetitions, List<Integer> batches, long seed) {

    public Speed {
        if (batches.isEmpty()) throw new IllegalArgumentException("no batch to measure");
        batches = List.copyOf(batches);
    }

    /** Tokens a second of all sequences together, one sample a repetition. */
    public Throughput measure(LanguageModel model) {
        List<Throughput> all =
                batches.stream().map(batch -> measure(model, batch)).toList();
        Throughput first = all.getFirst();
        return new Throughput(
                first.prefillTokensPerSecond(),
                first.decodeTokensPerSecond(),
                promptTokens,
                generateTokens,
                first.batch(),
                all.subList(1, all.size()));
    }

    private Throughput measure(LanguageModel model, int batch) {
        SplittableRandom random = new SplittableRandom(seed);
        int vocabulary = model.architecture().vocabulary();
        int[][] prompts = new int[batch][];
        for (int text = 0; text < batch; text++)
            prompts[text] = random.ints(promptTokens, 0, vocabulary).toArray();
        int[][] generated = new int[generateTokens][];
        for (int i = 0; i < generateTokens; i++)
            generated[i] = random.ints(batch, 0, vocabulary).toArray();
        List<Double> prefill = new ArrayList<>();
        List<Double> decode = new ArrayList<>();
        repeat(model, prompts, generated, new ArrayList<>(), new ArrayList<>());
        for (int repetition = 0; repetition < repetitions; repetition++)
            repeat(model, prompts, generated, prefill, decode);
        return new Throughput(prefill, decode, promptTokens, generateTokens, batch, null);
    }

    private void repeat(
            LanguageModel model, int[][] prompts, int[][] generated, List<Double> prefill, List<Double> decode) {
        int batch = prompts.length;
        try (BatchSession session = model.batch(batch, promptTokens + generateTokens)) {
            long start = System.nanoTime();
            session.prefill(prompts);
            long middle = System.nanoTime();
            for (int[] next : generated) session.next(next);
            long end = System.nanoTime();
            prefill.add((double) batch * promptTokens * 1e9 / (middle - start));
            decode.add((double) batch * generateTokens * 1e9 / (end - middle));
        }
    }
}
