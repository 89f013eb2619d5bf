package dev.sinq4j.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.CpuBackend;
import dev.sinq4j.engine.LanguageModel;
import dev.sinq4j.engine.LinearWeights;
import dev.sinq4j.model.ModelFiles;
import dev.sinq4j.model.ModelSource;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On the quickstart's model, held against the losses of whole texts. */
class PrefixScorerTest {

    private static ModelSource source;
    private static Backend backend;
    private static LanguageModel model;

    @BeforeAll
    static void load() {
        source = ModelFiles.open(Path.of("experiments/quickstart/model"));
        backend = CpuBackend.create(2);
        model = LanguageModel.load(source, LinearWeights.STORED, backend);
    }

    @AfterAll
    static void close() {
        model.close();
        backend.close();
        source.close();
    }

    private static double alone(TokenRequest request) {
        double[] nll = model.nll(request.ids());
        double sum = 0;
        for (int i = request.scoredFrom(); i < request.ids().length; i++) sum -= nll[i - 1];
        return sum;
    }

    private static void assertScoresAreThoseOfWholeTexts(PrefixScorer scorer, List<TokenRequest> requests) {
        List<Score> scores = scorer.score(requests);
        for (int i = 0; i < requests.size(); i++)
            assertEquals(alone(requests.get(i)), scores.get(i).logLikelihood(), 2e-4, "choice " + i);
    }

    private static TokenRequest request(int scoredFrom, int... ids) {
        return new TokenRequest(ids, scoredFrom);
    }

    @Test
    void choicesAfterOneContextScoreAsEachByItself() {
        try (PrefixScorer scorer = new PrefixScorer(model, 16)) {
            assertScoresAreThoseOfWholeTexts(
                    scorer,
                    List.of(
                            request(4, 5, 6, 7, 8, 20, 21, 22),
                            request(4, 5, 6, 7, 8, 30),
                            request(4, 5, 6, 7, 8, 20, 21, 40, 41)));
        }
    }

    @Test
    void contextsOfDifferentLengthBeforeOneContinuationScoreAsEachByItself() {
        try (PrefixScorer scorer = new PrefixScorer(model, 16)) {
            assertScoresAreThoseOfWholeTexts(
                    scorer, List.of(request(3, 5, 6, 7, 50, 51), request(5, 5, 6, 8, 9, 10, 50, 51)));
            assertScoresAreThoseOfWholeTexts(scorer, List.of(request(2, 9, 6, 50), request(1, 8, 50)));
        }
    }

    @Test
    void whatQuestionsHaveInCommonIsKeptWithoutAnEffect() {
        try (PrefixScorer scorer = new PrefixScorer(model, 16)) {
            List<TokenRequest> first = List.of(request(5, 5, 6, 7, 8, 9, 20), request(5, 5, 6, 7, 8, 9, 21));
            assertScoresAreThoseOfWholeTexts(scorer, first);
            assertScoresAreThoseOfWholeTexts(
                    scorer, List.of(request(4, 5, 6, 7, 10, 20, 30), request(4, 5, 6, 7, 10, 21)));
            assertScoresAreThoseOfWholeTexts(scorer, first);
            assertScoresAreThoseOfWholeTexts(scorer, List.of(request(2, 5, 6, 7, 8, 9, 20)));
        }
    }

    @Test
    void equalChoicesScoreEqually() {
        try (PrefixScorer scorer = new PrefixScorer(model, 16)) {
            List<Score> scores = scorer.score(List.of(request(2, 5, 6, 7, 8), request(2, 5, 6, 7, 8)));
            assertEquals(scores.get(0), scores.get(1));
        }
    }

    @Test
    void theModelsOwnContinuationIsGreedy() {
        int likeliest = likeliestAfter(5, 6, 7);
        try (PrefixScorer scorer = new PrefixScorer(model, 16)) {
            List<Score> scores =
                    scorer.score(List.of(request(3, 5, 6, 7, likeliest), request(3, 5, 6, 7, likeliest + 1)));
            assertTrue(scores.get(0).greedy() && !scores.get(1).greedy());
        }
    }

    private static int likeliestAfter(int... ids) {
        int[] best = {0};
        model.logits(ids, ids.length - 1, (position, count, logits) -> {
            for (int token = 1; token < model.architecture().vocabulary(); token++)
                if (logits[token] > logits[best[0]]) best[0] = token;
        });
        return best[0];
    }
}
