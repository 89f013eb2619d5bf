package dev.sinq4j.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.sinq4j.engine.Router.Assignment;
import dev.sinq4j.model.architecture.FeedForward.Routing;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouterTest {

    private static final float ROUNDING = 1e-6f;

    /** Probabilities 0.4, 0.1, 0.2, 0.3 and 0.1, 0.2, 0.3, 0.4. */
    private static final float[] LOGITS = {
        log(0.4), log(0.1), log(0.2), log(0.3), log(0.1), log(0.2), log(0.3), log(0.4)
    };

    @Test
    void eachTokenGoesToItsLargestExpertsWithTheirProbabilities() {
        List<Assignment> found = new Router(new Routing(2, false, 1, 1, 1), 4).assign(LOGITS, 2);
        assertAssigned(found.get(0), new int[] {0}, 0.4f);
        assertAssigned(found.get(1), new int[] {});
        assertAssigned(found.get(2), new int[] {1}, 0.3f);
        assertAssigned(found.get(3), new int[] {0, 1}, 0.3f, 0.4f);
    }

    @Test
    void renormalizedWeightsSumToOne() {
        List<Assignment> found = new Router(new Routing(2, true, 1, 1, 1), 4).assign(LOGITS, 1);
        assertAssigned(found.get(0), new int[] {0}, 4f / 7);
        assertAssigned(found.get(3), new int[] {0}, 3f / 7);
    }

    @Test
    void weightsAreMultipliedByTheFactor() {
        List<Assignment> found = new Router(new Routing(1, false, 16, 1, 1), 4).assign(LOGITS, 1);
        assertAssigned(found.get(0), new int[] {0}, 6.4f);
    }

    @Test
    void ofTheGroupsOnlyThoseWithTheLargestExpertsAreOpen() {
        List<Assignment> found = new Router(new Routing(2, false, 1, 2, 1), 4).assign(LOGITS, 2);
        assertAssigned(found.get(0), new int[] {0}, 0.4f);
        assertAssigned(found.get(1), new int[] {0}, 0.1f);
        assertAssigned(found.get(2), new int[] {1}, 0.3f);
        assertAssigned(found.get(3), new int[] {1}, 0.4f);
    }

    @Test
    void ofEqualExpertsTheFirstIsChosen() {
        List<Assignment> found = new Router(new Routing(1, false, 1, 1, 1), 2).assign(new float[] {3, 3}, 1);
        assertAssigned(found.get(0), new int[] {0}, 0.5f);
    }

    private static void assertAssigned(Assignment found, int[] tokens, float... weights) {
        assertArrayEquals(tokens, found.tokens());
        assertArrayEquals(weights, found.weights(), ROUNDING);
    }

    private static float log(double probability) {
        return (float) Math.log(probability);
    }
}
