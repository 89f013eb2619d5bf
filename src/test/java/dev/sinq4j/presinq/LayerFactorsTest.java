package dev.sinq4j.presinq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.LinearId;
import dev.sinq4j.model.architecture.Role;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LayerFactorsTest {

    private static final Linear MATRIX =
            new Linear(new LinearId(0, Role.DOWN, LinearId.NONE), "m", Optional.empty(), 1, 4, true);
    private static final float[] VALUES = {0.1f, -3, 1e-20f, 7};

    @Test
    void onesAreTheIdentityBitForBit() {
        LayerFactors factors = new LayerFactors();
        factors.divideColumns(MATRIX, new double[] {1, 1, 1, 1});
        factors.multiplyOutputs(new Absorbed.Producer.Rows(MATRIX), new int[] {0}, new double[] {1});
        assertArrayEquals(VALUES, applied(factors));
    }

    @Test
    void aScaleAndItsReciprocalRestoreTheWeights() {
        LayerFactors factors = new LayerFactors();
        factors.divideColumns(MATRIX, new double[] {1.7, 0.3, 11, 1});
        factors.divideColumns(MATRIX, new double[] {1 / 1.7, 1 / 0.3, 1.0 / 11, 1});
        assertArrayEquals(VALUES, applied(factors));
    }

    @Test
    void anOutputThatTwoColumnsReadIsMultipliedOnce() {
        LayerFactors factors = new LayerFactors();
        factors.multiplyOutputs(new Absorbed.Producer.Rows(MATRIX), new int[] {0, 0}, new double[] {2, 2});
        assertArrayEquals(new float[] {0.2f, -6, 2e-20f, 14}, applied(factors));
    }

    private static float[] applied(LayerFactors factors) {
        float[] values = VALUES.clone();
        factors.apply("m", 0, 0, values, 0, 4);
        return values;
    }
}
