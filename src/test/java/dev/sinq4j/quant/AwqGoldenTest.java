package dev.sinq4j.quant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sinq4j.kernel.TileKernels;
import dev.sinq4j.method.SinqFamily;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.PackedWeight;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Every case of {@code golden/quantizer/awq.safetensors}: the search and what is quantized with its winner. */
class AwqGoldenTest {

    @TestFactory
    Stream<DynamicNode> searchesAndQuantizesAsTheReference() {
        GoldenFile file = GoldenFile.open("awq.safetensors");
        return file.cases().keySet().stream()
                .filter(key -> file.has(key + "/codes"))
                .flatMap(key -> Stream.of(true, false)
                        .map(exact ->
                                dynamicTest(key + (exact ? ", reference-exact" : ""), () -> check(file, key, exact))));
    }

    private static void check(GoldenFile file, String key, boolean referenceExact) {
        JsonNode settings = file.cases().get(key);
        SinqFamily method = ReferenceMethod.of(settings, referenceExact);
        String name = settings.get("tensor").asText();
        Tensor weight = GoldenFile.input(name);
        Inputs inputs = inputs(file, name, weight.columns());
        checkSearch(file, key, method, weight, inputs);

        Quantized ours = Quantizers.of(method).quantize(weight, inputs);
        assertEquals(settings.get("alpha").asDouble(), ours.notes().get("alpha"));
        GoldenComparison comparison = new GoldenComparison(file, key, method, (PackedWeight) ours.weight());
        System.out.println("golden awq/" + comparison);
        assertEquals(0, comparison.otherCodes, comparison::toString);
        assertTrue(comparison.largestScaleStep <= 1, comparison::toString);
        assertTrue(comparison.largestColumnStep <= 1, comparison::toString);
    }

    private static void checkSearch(GoldenFile file, String key, SinqFamily method, Tensor weight, Inputs inputs) {
        WeightSource source = new WeightSource(weight, true, TileKernels.fastest());
        float[][] candidates = ActivationSearch.candidates(source, inputs);
        float[] theirs = file.floats(key + "/search_scales");
        int columns = weight.columns();
        for (int e = 0; e < theirs.length; e++)
            assertEquals(theirs[e], candidates[e / columns][e % columns], 1e-6f * theirs[e]);
        double[] errors = new ActivationSearch(method, TileKernels.fastest(), null).errors(source, inputs, candidates);
        float[] stored = file.floats(key + "/search_error");
        double[] exact = file.doubles(key + "/search_error_float64");
        for (int c = 0; c < errors.length; c++) {
            assertEquals(stored[c], errors[c], 1e-3 * stored[c], "candidate " + c);
            if (!method.referenceExact()) assertEquals(exact[c], errors[c], 2e-3 * exact[c], "candidate " + c);
        }
    }

    private static Inputs inputs(GoldenFile file, String tensor, int columns) {
        float[] values = file.floats(tensor + "/activations");
        return new Inputs(values, values.length / columns, columns);
    }
}
