package dev.sinq4j.quant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sinq4j.kernel.TileKernels;
import dev.sinq4j.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Every tile of {@code golden/quantizer/sinkhorn.safetensors}. */
class SinkhornGoldenTest {

    /** fp32 units in the last place that careful arithmetic may differ by, from the README. */
    private static final int MAX_ULP = 3;

    @TestFactory
    Stream<DynamicNode> findsTheReferencesScales() {
        GoldenFile file = GoldenFile.open("sinkhorn.safetensors");
        return file.cases().keySet().stream()
                .filter(key -> file.has(key + "/mu1"))
                .map(key -> dynamicTest(key, () -> check(file, key)));
    }

    private static void check(GoldenFile file, String key) {
        JsonNode settings = file.cases().get(key);
        Tile tile = tile(settings);
        Sinkhorn.Scales ours = new Sinkhorn(TileKernels.fastest()).scales(tile);
        assertEquals(settings.get("kept_iteration").asInt(), ours.keptIteration());
        int column = largestStep(file.floats(key + "/mu1"), ours.column());
        int row = largestStep(file.floats(key + "/mu2"), ours.row());
        assertTrue(Math.max(column, row) <= MAX_ULP, () -> "column scale " + column + " ulp off, row scale " + row);
        float[] imbalance = file.floats(key + "/imbalance");
        assertEquals(imbalance[0], ours.before(), Math.abs(imbalance[0]) * 1e-5f);
        assertEquals(imbalance[1], ours.after(), Math.abs(imbalance[1]) * 1e-5f);
    }

    private static Tile tile(JsonNode settings) {
        Tensor tensor = GoldenFile.input(settings.get("tensor").asText());
        int firstRow = settings.get("rows").get(0).asInt();
        int firstColumn = settings.get("columns").get(0).asInt();
        int rows = settings.get("rows").get(1).asInt() - firstRow;
        int columns = settings.get("columns").get(1).asInt() - firstColumn;
        return new WeightSource(tensor, true, TileKernels.fastest())
                .tile(new TileGrid.Place(0, 0, firstRow, firstColumn, rows, columns));
    }

    private static int largestStep(float[] theirs, float[] ours) {
        assertEquals(theirs.length, ours.length, () -> Arrays.toString(theirs));
        int largest = 0;
        for (int i = 0; i < ours.length; i++)
            largest = Math.max(largest, GoldenComparison.steps(theirs[i], ours[i], false));
        return largest;
    }
}
