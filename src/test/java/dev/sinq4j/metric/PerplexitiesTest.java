package dev.sinq4j.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sinq4j.data.DocumentJoin;
import dev.sinq4j.data.TextProtocol;
import dev.sinq4j.data.TextProtocol.Bos;
import dev.sinq4j.data.TokenizedText;
import dev.sinq4j.results.Metrics.Perplexity;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PerplexitiesTest {

    /** A model whose loss at each token is the token's id. */
    private static final TokenScorer LOSS_IS_THE_ID = ids -> {
        double[] losses = new double[ids.length - 1];
        for (int i = 1; i < ids.length; i++) losses[i - 1] = ids[i];
        return losses;
    };

    private static Perplexity measure(TextProtocol protocol, int... ids) {
        TokenizedText text = new TokenizedText(ids);
        return Perplexities.measure(
                LOSS_IS_THE_ID,
                protocol.cut(text, -1),
                protocol,
                new DocumentJoin.Between("\n\n"),
                text.tokens(),
                done -> {});
    }

    @Test
    void isTheExponentialOfTheMeanOfWindowMeansAndDropsTheTail() {
        Perplexity perplexity = measure(TextProtocol.of(3, Bos.NONE), 9, 1, 2, 9, 2, 3, 7);
        assertEquals(List.of(1.5, 2.5), perplexity.windowNll());
        assertEquals(Math.exp(2), perplexity.value(), 1e-12);
        assertEquals(4, perplexity.scored());
        assertEquals(7, perplexity.tokens());
        assertEquals("dropped", perplexity.tail());
    }

    @Test
    void theStandardErrorComesFromTheSpreadOfWindowMeans() {
        // means 1.5 and 2.5: s = 0.7071, s / sqrt(2) = 0.5
        Perplexity perplexity = measure(TextProtocol.of(3, Bos.NONE), 9, 1, 2, 9, 2, 3);
        assertEquals(Math.exp(2) * 0.5, perplexity.stderr(), 1e-12);
    }

    @Test
    void oneWindowHasNoStandardError() {
        assertNull(measure(TextProtocol.of(3, Bos.NONE), 9, 1, 2).stderr());
    }

    @Test
    void tokensOfOverlappingWindowsCountOnce() {
        TextProtocol overlapping = new TextProtocol(4, 2, Bos.NONE, OptionalInt.empty());
        Perplexity perplexity = measure(overlapping, 0, 1, 2, 3, 4, 5);
        assertEquals(List.of(2.0, 4.5), perplexity.windowNll());
        assertEquals(5, perplexity.scored());
    }
}
