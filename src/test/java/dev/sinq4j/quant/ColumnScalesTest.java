package dev.sinq4j.quant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.failure.UnavailableFailure;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnScalesTest {

    @ParameterizedTest(name = "tile {0}, {1} columns")
    @CsvSource({"64, 128, 64", "64, 172, 43", "64, 576, 64", "64, 97, 97", "8, 12, 6", "10, 24, 12", "64, 32, 32"})
    void aTileThatDoesNotDivideGivesWayToTheNearestDivisor(int tile, int columns, int expected) {
        assertEquals(expected, new ColumnScales(tile, 16).width(columns));
    }

    @Test
    void scalesArePositiveAndTheirLowerMedianIsOne() {
        float[] scale = scales(random(16, 24), 24);
        float[] sorted = scale.clone();
        Arrays.sort(sorted);
        assertEquals(1f, sorted[11]);
        assertTrue(sorted[0] > 0 && Float.isFinite(sorted[23]), Arrays.toString(sorted));
    }

    @Test
    void aWideColumnGetsALargeScale() {
        float[] matrix = random(16, 24);
        for (int row = 0; row < 16; row++) matrix[row * 24 + 5] *= 4;
        float[] scale = scales(matrix, 24);
        assertTrue(scale[5] > 2, Arrays.toString(scale));
    }

    @Test
    void aNumberThatIsNotFiniteIsRefusedByTheMatricesNames() {
        float[] matrix = random(16, 24);
        matrix[30] = Float.NaN;
        var failure = assertThrows(UnavailableFailure.class, () -> scales(matrix, 24));
        assertEquals("m: a number among columns 0 to 7 is not finite; the weights are damaged", failure.getMessage());
    }

    private static float[] scales(float[] matrix, int columns) {
        return new ColumnScales(8, 16).of("m", matrix.length / columns, columns, (first, count, target) -> {
            for (int row = 0; row < matrix.length / columns; row++)
                System.arraycopy(matrix, row * columns + first, target, row * count, count);
        });
    }

    private static float[] random(int rows, int columns) {
        Random random = new Random(7);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) values[i] = (float) random.nextGaussian();
        return values;
    }
}
