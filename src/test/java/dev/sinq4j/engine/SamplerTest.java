package dev.sinq4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplerTest {

    /** Probabilities 0.1, 0.4, 0.3, 0.2 at temperature 1. */
    private static final float[] LOGITS = {
        (float) Math.log(0.1), (float) Math.log(0.4), (float) Math.log(0.3), (float) Math.log(0.2)
    };

    @Test
    void greedyTakesTheLargestLogitAndOfEqualsTheFirst() {
        assertEquals(1, new Sampler(Sampling.greedy()).choose(new float[] {0, 2, 2, 1}));
    }

    @Test
    void drawsFollowTheProbabilities() {
        int[] counts = draws(new Sampling(1, 0, 1, 5), 20000);
        assertEquals(0.1, counts[0] / 20000.0, 0.015);
        assertEquals(0.4, counts[1] / 20000.0, 0.015);
        assertEquals(0.3, counts[2] / 20000.0, 0.015);
        assertEquals(0.2, counts[3] / 20000.0, 0.015);
    }

    @Test
    void topKKeepsTheLargest() {
        assertEquals(Set.of(1, 2), drawn(new Sampling(1, 2, 1, 5)));
    }

    @Test
    void topPKeepsTheSmallestSetThatReachesIt() {
        assertEquals(Set.of(1), drawn(new Sampling(1, 0, 0.39, 5)));
        assertEquals(Set.of(1, 2), drawn(new Sampling(1, 0, 0.69, 5)));
        assertEquals(Set.of(1, 2, 3), drawn(new Sampling(1, 0, 0.71, 5)));
    }

    @Test
    void aLowTemperatureSharpens() {
        int[] counts = draws(new Sampling(0.25, 0, 1, 5), 20000);
        // 0.4^4 / (0.1^4 + 0.4^4 + 0.3^4 + 0.2^4)
        assertEquals(0.7232, counts[1] / 20000.0, 0.015);
    }

    @Test
    void theSameSeedGivesTheSameDraws() {
        Sampler one = new Sampler(new Sampling(1, 0, 1, 9));
        Sampler other = new Sampler(new Sampling(1, 0, 1, 9));
        for (int i = 0; i < 100; i++) assertEquals(one.choose(LOGITS), other.choose(LOGITS));
    }

    @Test
    void settingsThatMeanNothingAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Sampling(-1, 0, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Sampling(Double.NaN, 0, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Sampling(1, -1, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Sampling(1, 0, 0, 0));
    }

    @Test
    void generationStopsAtAnEndTokenAtTheMostTokensAndWhereThereIsNoRoom(@TempDir Path folder) {
        try (var source = TinyModels.llama(folder);
                var backend = CpuBackend.create(1);
                var model = LanguageModel.load(source, LinearWeights.STORED, backend)) {
            List<Integer> free = generate(model, 20, Set.of(), 6);
            assertEquals(6, free.size());
            assertEquals(free.subList(0, 4), generate(model, 20, Set.of(), 4));
            assertEquals(free.subList(0, 3), generate(model, 5, Set.of(), 6));
            int end = free.get(2);
            assertEquals(free.subList(0, free.indexOf(end)), generate(model, 20, Set.of(end), 6));
        }
    }

    /** Continues a prompt of 3 tokens. */
    private static List<Integer> generate(LanguageModel model, int capacity, Set<Integer> end, int most) {
        List<Integer> tokens = new ArrayList<>();
        try (Session session = model.session(capacity)) {
            new Generation(Sampling.greedy(), end, most).run(session, TinyModels.ids(3), tokens::add);
        }
        return tokens;
    }

    private static Set<Integer> drawn(Sampling sampling) {
        Set<Integer> drawn = new TreeSet<>();
        Sampler sampler = new Sampler(sampling);
        for (int i = 0; i < 300; i++) drawn.add(sampler.choose(LOGITS));
        return drawn;
    }

    private static int[] draws(Sampling sampling, int count) {
        int[] counts = new int[LOGITS.length];
        Sampler sampler = new Sampler(sampling);
        for (int i = 0; i < count; i++) counts[sampler.choose(LOGITS)]++;
        return counts;
    }
}
