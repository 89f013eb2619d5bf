package dev.sinq4j.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sinq4j.results.Metrics.Divergence;
import org.junit.jupiter.api.Test;

class DivergencesTest {

    private static float[] logits(double... probabilities) {
        float[] logits = new float[probabilities.length];
        for (int i = 0; i < logits.length; i++) logits[i] = (float) Math.log(probabilities[i]);
        return logits;
    }

    private static Divergence of(float[] base, float[] model, int target) {
        Divergences divergences = new Divergences();
        divergences.add(base, model, 1, base.length, new int[] {target});
        return divergences.summary(2048, 1);
    }

    @Test
    void aModelComparedWithItselfHasNone() {
        float[] same = logits(0.5, 0.25, 0.25);
        Divergence none = of(same, same, 1);
        assertEquals(0, none.klMean());
        assertEquals(1, none.top1Agreement());
        assertEquals(0, none.deltaPRms());
    }

    @Test
    void isTheKullbackLeiblerDivergenceOfTheBaseFromTheModel() {
        // 0.5 ln(0.5/0.25) + 0.5 ln(0.5/0.75)
        Divergence divergence = of(logits(0.5, 0.5), logits(0.25, 0.75), 0);
        assertEquals(0.143841, divergence.klMean(), 1e-6);
        assertEquals(0.25, divergence.deltaPRms(), 1e-7);
    }

    @Test
    void logitsMayBeShiftedWithoutChangingAnything() {
        float[] base = {1, 2, 3};
        float[] shifted = {101, 102, 103};
        assertEquals(0, of(base, shifted, 0).klMean(), 1e-12);
    }

    @Test
    void tokensTheBaseHardlyExpectsAreLeftOut() {
        double rare = Math.exp(-17);
        Divergence divergence = of(logits(1 - rare, rare), logits(1 - 1e-20, 1e-20), 0);
        // the rare token alone would add exp(-17) * (-17 + 46)
        assertEquals(Math.log(1 - rare), divergence.klMean(), 1e-7);
    }

    @Test
    void percentilesAreInterpolatedOverPositions() {
        Divergences divergences = new Divergences();
        float[] base = {0, 0, 0, 0, 0, 0};
        float[] model = {0, 0, 0, 1, 0, 2};
        divergences.add(base, model, 3, 2, new int[] {0, 0, 0});
        Divergence summary = divergences.summary(2048, 1);
        // ln cosh(d / 2) for d = 0, 1, 2
        assertEquals(0.120115, summary.klMedian(), 1e-6);
        assertEquals(0.433781, summary.klMax(), 1e-6);
        assertEquals(0.120115 + 0.98 * (0.433781 - 0.120115), summary.klP99(), 1e-6);
        assertEquals(1.0 / 3, summary.top1Agreement(), 1e-12);
        assertEquals(3, summary.positions());
    }
}
