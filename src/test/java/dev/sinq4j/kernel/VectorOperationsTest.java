package dev.sinq4j.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sinq4j.tensor.DType;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.function.BiConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything but the matrix products, held to the scalar reference under every vector width. */
final class VectorOperationsTest {

    private static final int[] COUNTS = {0, 1, 7, 8, 9, 31, 32, 33, 64, 172, 207, 4098, 40000};

    private final RandomWeights random = new RandomWeights(11);

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"vector-128", "vector-256", "vector-512"})
    void elementwiseOperationsEqualTheScalarReference(String name) {
        for (int count : COUNTS) {
            float[] x = random.normal(count + 3);
            float[] y = random.normal(count + 3);
            for (int i = 0; i < count; i += 5) x[i] *= 40;
            if (count > 8) x[8] = 0;
            if (count > 7) x[7] = -1e-7f;
            compare(name, x, 4e-7, (kernels, out) -> kernels.swiGlu(out, y, count));
            compare(name, x, 4e-7, (kernels, out) -> kernels.geGlu(out, y, count));
            compare(name, x, 0, (kernels, out) -> kernels.scale(out, count, 0.3f));
            compare(name, x, 4e-7, (kernels, out) -> kernels.xielu(out, count, 0.8f, 0.9f, 0.5f, -1e-6f));
            compare(name, x, 0, (kernels, out) -> kernels.add(out, y, count));
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"vector-128", "vector-256", "vector-512"})
    void swiGluIsQuietAtTheEndsOfTheRange(String name) {
        float[] gate = {-1e30f, -200, -88, -50, 50, 88, 200, 1e30f, -1e30f, -200, -88, -50, 50, 88, 200, 1e30f};
        float[] up = new float[16];
        Arrays.fill(up, 1);
        try (Kernels kernels = Kernels.create(1, name)) {
            kernels.swiGlu(gate, up, 16);
        }
        for (int i = 0; i < 16; i++) {
            if (i % 8 < 3) assertEquals(0, gate[i], 1e-6);
            if (i % 8 == 3) assertEquals(-50 * Math.exp(-50), gate[i], 1e-27);
            if (i % 8 > 3) assertEquals(i % 8 == 4 ? 50 : i % 8 == 5 ? 88 : i % 8 == 6 ? 200 : 1e30f, gate[i]);
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"scalar", "vector-128", "vector-256", "vector-512"})
    void geGluIsQuietAtTheEndsOfTheRange(String name) {
        float[] gate = {-1e30f, -200, -88, -10, 10, 88, 200, 1e30f, -1e30f, -200, -88, -10, 10, 88, 200, 1e30f};
        float[] up = new float[16];
        Arrays.fill(up, 1);
        try (Kernels kernels = Kernels.create(1, name)) {
            kernels.geGlu(gate, up, 16);
        }
        float[] expected = {0, 0, 0, 0, 10, 88, 200, 1e30f};
        for (int i = 0; i < 16; i++) assertEquals(expected[i % 8], gate[i], 1e-6);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"vector-128", "vector-256", "vector-512"})
    void normAndRotationEqualTheScalarReference(String name) {
        for (int width : COUNTS) {
            int rows = width == 40000 ? 2 : 5;
            float[] x = random.normal(rows * width + 3);
            float[] weight = random.normal(width);
            compare(name, x, 2e-6, (kernels, out) -> kernels.rmsNorm(out, rows, width, weight, 1e-5f, out));
        }
        int[][] heads = {{1, 2, 2}, {3, 7, 6}, {2, 64, 64}, {5, 80, 40}, {4, 128, 128}, {1, 36, 34}};
        for (int[] head : heads) {
            int tokens = 9;
            float[] x = random.normal(tokens * head[0] * head[1] + 3);
            float[] cos = random.normal(tokens * head[2] / 2);
            float[] sin = random.normal(tokens * head[2] / 2);
            compare(name, x, 4e-7, (kernels, out) -> kernels.rope(out, tokens, head[0], head[1], head[2], cos, sin));
        }
    }

    /** heads, kvHeads, keyDim, valueDim, window, start, tokens. */
    private static final int[][] ATTENTION = {
        {1, 1, 1, 1, 1000, 0, 1},
        {4, 1, 7, 9, 1000, 0, 5},
        {4, 2, 8, 8, 1000, 31, 1},
        {9, 3, 64, 64, 1000, 0, 33},
        {8, 2, 32, 32, 1000, 207, 64},
        {4, 4, 33, 31, 1000, 8, 172},
        {8, 2, 128, 128, 1000, 63, 65},
        {6, 2, 80, 96, 1000, 600, 3},
        {4, 1, 64, 64, 17, 100, 90},
        {4, 1, 64, 64, 64, 300, 1},
        {5, 1, 16, 64, 1, 40, 20},
        {4, 1, 32, 32, 9000, 2300, 1},
        {5, 1, 16, 16, 9000, 4500, 1},
        {4, 1, 16, 16, 3000, 4700, 2},
    };

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"vector-128", "vector-256", "vector-512"})
    void attentionEqualsTheScalarReferenceAndReadsNothingItMustNot(String name) {
        for (int[] c : ATTENTION) {
            AttentionShape shape = shape(c);
            float[] q = random.normal(c[6] * c[0] * c[2]);
            float[] keys = poisoned(c[1], shape.capacity(), c[2], c[5] + c[6]);
            float[] values = poisoned(c[1], shape.capacity(), c[3], c[5] + c[6]);
            float[] out = new float[c[6] * c[0] * c[3] + 3];
            compare(name, out, 3e-6, (kernels, o) -> kernels.attention(shape, q, keys, values, c[5], c[6], o));
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"vector-256", "vector"})
    void theNumberOfThreadsChangesNoBit(String name) {
        for (int[] c : ATTENTION) {
            AttentionShape shape = shape(c);
            float[] q = random.normal(c[6] * c[0] * c[2]);
            float[] keys = random.normal(c[1] * shape.capacity() * c[2]);
            float[] values = random.normal(c[1] * shape.capacity() * c[3]);
            float[] one = attention(name, 1, shape, q, keys, values, c);
            assertArrayEquals(one, attention(name, 2, shape, q, keys, values, c));
            assertArrayEquals(one, attention(name, 3, shape, q, keys, values, c));
        }
        try (Arena arena = Arena.ofShared()) {
            Weight head = random.dense(DType.BF16, 3000, 64, arena);
            float[] hidden = random.normal(200 * 64);
            int[] targets = random.ids(200, 3000);
            double[] one = loss(name, 1, head, hidden, targets);
            assertArrayEquals(one, loss(name, 2, head, hidden, targets));
            assertArrayEquals(one, loss(name, 3, head, hidden, targets));
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"vector-128", "vector-256", "vector-512"})
    void crossEntropyEqualsTheScalarReference(String name) {
        int[][] shapes = {{1, 1, 1}, {7, 33, 9}, {64, 64, 1}, {2049, 172, 33}, {1000, 31, 207}};
        try (Arena arena = Arena.ofShared()) {
            for (int[] s : shapes) {
                for (Weight head :
                        new Weight[] {random.dense(DType.BF16, s[0], s[1], arena), random.packed(4, s[0], s[1], 64)}) {
                    float[] hidden = random.normal(s[2] * s[1]);
                    for (int i = 0; i < hidden.length; i++) hidden[i] *= 30;
                    int[] targets = random.ids(s[2], s[0]);
                    double[] expected = loss("scalar", 1, head, hidden, targets);
                    double[] found = loss(name, 2, head, hidden, targets);
                    for (int t = 0; t < expected.length; t++)
                        assertEquals(expected[t], found[t], 1e-5 * Math.max(1, expected[t]));
                }
            }
        }
    }

    private static double[] loss(String name, int threads, Weight head, float[] hidden, int[] targets) {
        double[] nll = new double[targets.length + 1];
        nll[targets.length] = -5;
        try (Kernels kernels = Kernels.create(threads, name);
                Arena arena = Arena.ofShared()) {
            kernels.crossEntropy(kernels.prepare(head, arena), hidden, targets.length, targets, nll);
        }
        assertEquals(-5, nll[targets.length]);
        return Arrays.copyOf(nll, targets.length);
    }

    private static float[] attention(
            String name, int threads, AttentionShape shape, float[] q, float[] keys, float[] values, int[] c) {
        float[] out = new float[c[6] * c[0] * c[3]];
        try (Kernels kernels = Kernels.create(threads, name)) {
            kernels.attention(shape, q, keys, values, c[5], c[6], out);
        }
        return out;
    }

    private static AttentionShape shape(int[] c) {
        return new AttentionShape(c[0], c[1], c[2], c[3], c[5] + c[6] + 5, c[4], (float) (1 / Math.sqrt(c[2])));
    }

    /** Positions from {@code filled} on are NaN. */
    private float[] poisoned(int kvHeads, int capacity, int dim, int filled) {
        float[] cache = random.normal(kvHeads * capacity * dim);
        for (int head = 0; head < kvHeads; head++)
            Arrays.fill(cache, (head * capacity + filled) * dim, (head + 1) * capacity * dim, Float.NaN);
        return cache;
    }

    private static void compare(String name, float[] input, double tolerance, BiConsumer<Kernels, float[]> operation) {
        float[] expected = input.clone();
        float[] found = input.clone();
        try (Kernels scalar = Kernels.create(1, "scalar");
                Kernels vector = Kernels.create(2, name)) {
            operation.accept(scalar, expected);
            operation.accept(vector, found);
        }
        for (int i = 0; i < expected.length; i++)
            assertEquals(
                    expected[i],
                    found[i],
                    tolerance * Math.max(1, Math.abs(expected[i])),
                    "number " + i + " of " + expected.length);
    }
}
