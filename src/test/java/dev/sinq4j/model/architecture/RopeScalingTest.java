package dev.sinq4j.model.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Frequencies against numbers computed by the published formulas in another language. */
class RopeScalingTest {

    private static final float RELATIVE = 1e-6f;

    @Test
    void withoutScalingFrequenciesFallGeometrically() {
        float[] found = new Rope(128, 12e6, new RopeScaling.None()).frequencies(1);
        assertEquals(64, found.length);
        assertPairs(
                found,
                new int[] {0, 1, 20, 24, 28, 32, 40, 63},
                1.0,
                0.775153636932373,
                0.006134170573204756,
                0.0022146597038954496,
                0.0007995731430128217,
                0.00028867513174191117,
                3.762805135920644e-05,
                1.0750556356242669e-07);
    }

    @Test
    void linearScalingDividesEveryFrequency() {
        float[] found = new Rope(4, 10000, new RopeScaling.Linear(4)).frequencies(1);
        assertArrayEquals(new float[] {0.25f, 0.0025f}, found, 1e-9f);
    }

    @Test
    void llama3ScalingKeepsFastFrequenciesDividesSlowOnesAndBlendsBetween() {
        float[] found = new Rope(128, 12e6, new RopeScaling.Llama3(8, 1, 4, 8192)).frequencies(1);
        assertPairs(
                found,
                new int[] {0, 1, 20, 22, 24, 26, 28, 30, 31, 32, 40, 63},
                1.0,
                0.775153636932373,
                0.006134170573204756,
                0.0036857975646853447,
                0.0014960276649121414,
                0.0004515983757833107,
                0.00010985365730454825,
                6.0054255300201476e-05,
                4.655127850128338e-05,
                3.6084391467738897e-05,
                4.703506419900805e-06,
                1.3438195445303336e-08);
    }

    @Test
    void yarnKeepsFastFrequenciesDividesSlowOnesAndRampsBetween() {
        float[] found = new Rope(64, 10000, new RopeScaling.Yarn(40, 4096, 32, 1, true, 1)).frequencies(1);
        assertPairs(
                found,
                new int[] {0, 9, 10, 12, 16, 20, 23, 31},
                1.0,
                0.07498942093324558,
                0.056234132519034905,
                0.026879360111431223,
                0.0055,
                0.0007905694150420945,
                3.33380358040831e-05,
                3.33380358040831e-06);
    }

    @Test
    void longRopeChoosesItsFactorsByTheSequencesLength() {
        Rope rope = new Rope(4, 10000, new RopeScaling.LongRope(new float[] {1, 2}, new float[] {4, 8}, 64, 1.5f));
        assertArrayEquals(new float[] {1f, 0.005f}, rope.frequencies(64), 1e-9f);
        assertArrayEquals(new float[] {0.25f, 0.00125f}, rope.frequencies(65), 1e-9f);
        assertEquals(1.5f, rope.amplitude());
    }

    private static void assertPairs(float[] found, int[] pairs, double... expected) {
        assertEquals(pairs.length, expected.length);
        for (int i = 0; i < pairs.length; i++)
            assertEquals(expected[i], found[pairs[i]], expected[i] * RELATIVE, "pair " + pairs[i]);
    }
}
