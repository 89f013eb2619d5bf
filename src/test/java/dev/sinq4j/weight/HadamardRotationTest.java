package dev.sinq4j.weight;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HadamardRotationTest {

    @ParameterizedTest(name = "order {0}")
    @ValueSource(ints = {1, 2, 4, 64, 12, 24, 20, 28, 56, 36, 72, 44, 60, 108, 140, 1536})
    void everyKnownOrderIsOrthogonalWithEntriesOfOneSize(int order) {
        double size = 1 / Math.sqrt(order);
        for (int column = 0; column < order; column += Math.max(1, order / 16)) {
            float[] image = new float[order];
            image[column] = 1;
            HadamardRotation.of(order).apply(image, 0, order);
            for (float entry : image) assertEquals(size, Math.abs(entry), 1e-6);
            HadamardRotation.of(order).applyTransposed(image, 0, order);
            for (int i = 0; i < order; i++) assertEquals(i == column ? 1 : 0, image[i], 1e-5);
        }
    }

    @Test
    void rotatesEachBlockAndLeavesTheRestAlone() {
        float[] x = {9, 1, 2, 3, 5, 9};
        HadamardRotation.of(2).apply(x, 1, 4);
        float r = (float) Math.sqrt(0.5);
        assertArrayEquals(new float[] {9, 3 * r, -r, 8 * r, -2 * r, 9}, x, 1e-6f);
    }

    @Test
    void findsTheLargestBlockOfAWidth() {
        assertEquals(576, HadamardRotation.largestBlock(576));
        assertEquals(1536, HadamardRotation.largestBlock(1536));
        assertEquals(4096, HadamardRotation.largestBlock(4096));
        assertEquals(4, HadamardRotation.largestBlock(68));
    }

    @Test
    void saysWhichOrdersItKnows() {
        assertFalse(HadamardRotation.exists(6));
        var error = assertThrows(IllegalArgumentException.class, () -> HadamardRotation.of(6));
        assertEquals(
                "no Hadamard matrix of order 6 is known here: it must be 2^k times 1, 12, 20, 28, 36, 44, 60, 108 or"
                        + " 140",
                error.getMessage());
    }
}
