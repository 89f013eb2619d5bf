package dev.sinq4j.presinq;

import dev.sinq4j.engine.CpuBackend;
import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.engine.LinearWeights;
import dev.sinq4j.model.ModelSource;

/** What a model says to some fixed tokens. */
final class Logits {

    private static final int TOKENS = 24;

    private Logits() {}

    /** (tokens, vocabulary) */
    static float[] of(ModelSource source) {
        int vocabulary = source.architecture().vocabulary();
        int[] ids = new int[TOKENS];
        for (int i = 0; i < TOKENS; i++) ids[i] = (i * 37 + i / 5) % vocabulary;
        float[] logits = new float[TOKENS * vocabulary];
        try (var backend = CpuBackend.create(0);
                LanguageModel model = LanguageModel.load(source, LinearWeights.STORED, backend)) {
            model.logits(
                    ids,
                    0,
                    (position, count, part) ->
                            System.arraycopy(part, 0, logits, position * vocabulary, count * vocabulary));
        }
        return logits;
    }

    /** Largest difference, as a share of the largest number expected. */
    static double difference(float[] expected, float[] found) {
        double worst = 0;
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs((double) found[i] - expected[i]);
            if (!(difference <= worst)) worst = difference;
            largest = Math.max(largest, Math.abs(expected[i]));
        }
        return worst / largest;
    }
}
