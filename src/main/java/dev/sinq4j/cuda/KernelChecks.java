package dev.sinq4j.cuda;

import dev.sinq4j.cuda.KernelCheck.Compared;
import dev.sinq4j.engine.Columns;
import dev.sinq4j.kernel.AttentionShape;
import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.SinqFamily;
import dev.sinq4j.method.SinqFamily.ActivationScale;
import dev.sinq4j.method.SinqFamily.Rounding;
import dev.sinq4j.method.Tiling;
import dev.sinq4j.quant.Inputs;
import dev.sinq4j.quant.Quantizers;
import dev.sinq4j.tensor.BFloat16;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The operations of a backend, each on random input of an awkward size; outputs begin as NaN. */
final class KernelChecks {

    private static final double EXACT = 1e-5; // fp32
    private static final double ROUNDED = 2e-2; // inputs of products in bf16

    private final Random random;
    private final List<KernelCheck> checks = new ArrayList<>();

    private KernelChecks(Random random) {
        this.random = random;
    }

    static List<KernelCheck> of(Random random) {
        KernelChecks checks = new KernelChecks(random);
        checks.elementwise(37, 515);
        checks.rotation(9, 6, 80, 64);
        checks.moves(37, 130);
        checks.linear(3, 203, 264);
        checks.linear(75, 203, 264);
        for (int bits : new int[] {2, 3, 4, 5, 6, 8}) {
            checks.packed(bits, 3, 203, 256);
            checks.packed(bits, 75, 203, 256);
        }
        checks.losses(21, 517, 136);
        checks.attention(1, 300);
        checks.attention(70, 11);
        QuantizerChecks quantizers = new QuantizerChecks(checks.bfloats(75, 136).tensor(), checks.inputs(9, 136));
        return Stream.concat(checks.checks.stream(), quantizers.all().stream()).toList();
    }

    /** A few that together start most kinds of kernels. */
    static List<KernelCheck> quick(Random random) {
        KernelChecks checks = new KernelChecks(random);
        checks.elementwise(5, 130);
        checks.packed(4, 3, 67, 128);
        checks.packed(4, 20, 67, 128);
        checks.losses(9, 131, 64);
        checks.attention(1, 40);
        checks.attention(20, 11);
        return List.copyOf(checks.checks);
    }

    private float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) numbers[i] = (float) random.nextGaussian();
        return numbers;
    }

    static float[] unwritten(int count) {
        float[] numbers = new float[count];
        Arrays.fill(numbers, Float.NaN);
        return numbers;
    }

    private void plain(String name, long numbersMoved, KernelCheck.Operation operation, float[]... arrays) {
        plainFrom(0, name, numbersMoved, operation, arrays);
    }

    private void plainFrom(
            int start, String name, long numbersMoved, KernelCheck.Operation operation, float[]... arrays) {
        checks.add(new KernelCheck(
                name,
                Elementwise.FILE,
                null,
                start,
                arrays,
                operation,
                Compared.LARGEST,
                EXACT,
                numbersMoved * Float.BYTES,
                numbersMoved));
    }

    private void elementwise(int rows, int width) {
        int count = rows * width;
        plain(
                "rmsNorm",
                2L * count,
                (b, g, a) -> b.rmsNorm(a[0], rows, width, a[1], 1e-5f, a[2]),
                numbers(count),
                numbers(width),
                unwritten(count));
        plain("swiGlu", 3L * count, (b, g, a) -> b.swiGlu(a[0], a[1], count), numbers(count), numbers(count));
        plain("geGlu", 3L * count, (b, g, a) -> b.geGlu(a[0], a[1], count), numbers(count), numbers(count));
        plain("xielu", 2L * count, (b, g, a) -> b.xielu(a[0], count, 0.7f, 1.3f, 0.5f, -1e-6f), numbers(count));
        plain("add", 3L * count, (b, g, a) -> b.add(a[0], a[1], count), numbers(count), numbers(count));
        plain("addBias", 2L * count, (b, g, a) -> b.addBias(a[0], rows, width, a[1]), numbers(count), numbers(width));
        plain("scale", 2L * count, (b, g, a) -> b.scale(a[0], count, 0.3f), numbers(count));
    }

    private void rotation(int tokens, int heads, int headDim, int dim) {
        int count = tokens * heads * headDim;
        int angles = tokens * dim / 2;
        plain(
                "rope",
                2L * count,
                (b, g, a) -> b.rope(a[0], tokens, heads, headDim, dim, a[1], a[2]),
                numbers(count),
                numbers(angles),
                numbers(angles));
        plainFrom(
                3,
                "store",
                2L * count,
                (b, g, a) -> b.store(a[0], tokens, heads, headDim, a[1], tokens + 5, g.start()),
                numbers(count),
                unwritten(heads * (tokens + 5) * headDim));
    }

    private void moves(int rows, int width) {
        int count = rows * width;
        int[] chosen = random.ints(rows / 2, 0, rows).distinct().toArray();
        float[] weights = numbers(chosen.length);
        plain(
                "copy",
                2L * count,
                (b, g, a) -> b.copy(new Columns(a[0], width, 0), new Columns(a[1], width + 3, 2), rows, width),
                numbers(count),
                unwritten(rows * (width + 3)));
        plain(
                "copyPairsToHalves",
                2L * count,
                (b, g, a) -> b.copyPairsToHalves(new Columns(a[0], width, 0), new Columns(a[1], width, 0), rows, width),
                numbers(count),
                unwritten(count));
        plain(
                "gatherRows",
                2L * chosen.length * width,
                (b, g, a) -> b.gatherRows(a[0], chosen, width, a[1]),
                numbers(count),
                unwritten(chosen.length * width));
        plain(
                "addRows",
                3L * chosen.length * width,
                (b, g, a) -> b.addRows(a[0], chosen, weights, width, a[1]),
                numbers(chosen.length * width),
                numbers(count));
        checks.add(new KernelCheck(
                "embed",
                "linear_generic",
                bfloats(rows, width),
                new float[][] {unwritten(chosen.length * width)},
                (b, g, a) -> b.embed(g.matrix(), chosen, 0, chosen.length, a[0]),
                Compared.LARGEST,
                EXACT,
                6L * chosen.length * width,
                0));
    }

    private Inputs inputs(int tokens, int columns) {
        return new Inputs(numbers(tokens * columns), tokens, columns);
    }

    static SinqFamily sinq(int bits, ActivationScale search, Rounding rounding) {
        return new SinqFamily(
                "sinq",
                bits,
                64,
                SinqFamily.Normalization.SINKHORN,
                search,
                rounding,
                Tiling.ONE_D,
                AuxPrecision.FP16,
                false);
    }

    private void linear(int tokens, int rows, int columns) {
        linear("bf16", bfloats(rows, columns), 2L * rows * columns, tokens);
    }

    private void packed(int bits, int tokens, int rows, int columns) {
        SinqFamily method = sinq(bits, ActivationScale.NONE, Rounding.UNIFORM_ASYMMETRIC);
        Weight weight = Quantizers.of(method)
                .quantize(bfloats(rows, columns).tensor(), null)
                .weight();
        linear("SINQ " + bits + " bits", weight, (long) rows * columns * bits / Byte.SIZE, tokens);
    }

    private void linear(String what, Weight weight, long weightBytes, int tokens) {
        int rows = weight.rows();
        int columns = weight.columns();
        boolean few = tokens <= DecodeShape.MOST_TOKENS;
        checks.add(new KernelCheck(
                "linear, " + what + ", " + tokens + " tokens",
                few ? "linear_decode" : "linear_prefill",
                weight,
                new float[][] {numbers(tokens * columns), unwritten(tokens * rows)},
                (b, g, a) -> b.linear(g.matrix(), a[0], tokens, a[1]),
                Compared.LARGEST,
                few ? EXACT : ROUNDED,
                weightBytes + 4L * tokens * (rows + columns),
                2L * tokens * rows * columns));
    }

    private void losses(int tokens, int vocabulary, int width) {
        int[] targets = random.ints(tokens, 0, vocabulary).toArray();
        checks.add(new KernelCheck(
                "crossEntropy, bf16, " + tokens + " tokens",
                "cross_entropy",
                bfloats(vocabulary, width),
                new float[][] {numbers(tokens * width), unwritten(tokens)},
                (b, g, a) -> {
                    double[] nll = new double[tokens];
                    b.crossEntropy(g.matrix(), a[0], tokens, targets, nll);
                    float[] losses = new float[tokens];
                    for (int i = 0; i < tokens; i++) losses[i] = (float) nll[i];
                    b.write(losses, tokens, a[1]);
                },
                Compared.LARGEST,
                ROUNDED,
                2L * vocabulary * width + 4L * tokens * width,
                2L * tokens * vocabulary * width));
    }

    private void attention(int tokens, int start) {
        int capacity = start + tokens + 2;
        AttentionShape shape = new AttentionShape(6, 2, 64, 64, capacity, Integer.MAX_VALUE, 0.125f);
        long pairs = (long) tokens * start + (long) tokens * (tokens + 1) / 2;
        checks.add(new KernelCheck(
                "attention, " + tokens + " tokens from " + start + " on",
                "attention",
                null,
                start,
                new float[][] {
                    numbers(tokens * 6 * 64),
                    numbers(2 * capacity * 64),
                    numbers(2 * capacity * 64),
                    unwritten(tokens * 6 * 64)
                },
                (b, g, a) -> b.attention(shape, a[0], a[1], a[2], g.start(), tokens, a[3]),
                Compared.LARGEST,
                tokens <= CudaAttention.FEW_TOKENS ? EXACT : ROUNDED,
                4L * 64 * (2L * 2 * (start + tokens) + 2L * tokens * 6),
                4L * 6 * 64 * pairs));
    }

    private DenseWeight bfloats(int rows, int columns) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(2 * rows * columns).order(ByteOrder.LITTLE_ENDIAN);
        MemorySegment data = MemorySegment.ofBuffer(bytes);
        for (int i = 0; i < rows * columns; i++)
            data.set(
                    ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i, BFloat16.fromFloat((float) random.nextGaussian() * 0.1f));
        return new DenseWeight(new Tensor("random", DType.BF16, List.of((long) rows, (long) columns), data));
    }
}
