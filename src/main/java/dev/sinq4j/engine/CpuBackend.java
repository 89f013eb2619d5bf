package dev.sinq4j.engine;

import dev.sinq4j.kernel.AttentionShape;
import dev.sinq4j.kernel.Kernels;
import dev.sinq4j.kernel.LinearWeight;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;

/** The CPU: activations are Java arrays, the work is done by {@link Kernels}, which this owns. */
public final class CpuBackend implements Backend {

    private final Kernels kernels;

    public CpuBackend(Kernels kernels) {
        this.kernels = kernels;
    }

    /** @param threads 0 for as many as there are processors */
    public static CpuBackend create(int threads) {
        return new CpuBackend(Kernels.create(threads));
    }

    private record Heap(float[] numbers) implements Activations {
        @Override
        public int size() {
            return numbers.length;
        }

        @Override
        public void close() {}
    }

    private static float[] numbers(Activations activations) {
        if (activations instanceof Heap heap) return heap.numbers();
        throw new IllegalArgumentException("activations of another backend: " + activations);
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String description() {
        return kernels.description();
    }

    @Override
    public Activations allocate(int numbers) {
        return new Heap(new float[numbers]);
    }

    @Override
    public void write(float[] from, int count, Activations to) {
        System.arraycopy(from, 0, numbers(to), 0, count);
    }

    @Override
    public void read(Activations from, int first, int count, float[] to) {
        System.arraycopy(numbers(from), first, to, 0, count);
    }

    @Override
    public LinearWeight prepare(Weight weight, Arena arena) {
        return kernels.prepare(weight, arena);
    }

    @Override
    public void embed(LinearWeight table, int[] ids, int from, int tokens, Activations out) {
        kernels.embed(table, Arrays.copyOfRange(ids, from, from + tokens), tokens, numbers(out));
    }

    @Override
    public void linear(LinearWeight weight, Activations x, int tokens, Activations y) {
        kernels.linear(weight, numbers(x), tokens, numbers(y));
    }

    @Override
    public void linears(List<LinearWeight> weights, Activations x, int tokens, List<Activations> ys) {
        kernels.linears(
                weights,
                numbers(x),
                tokens,
                ys.stream().map(CpuBackend::numbers).toList());
    }

    @Override
    public void addBias(Activations y, int tokens, int width, Activations bias) {
        float[] target = numbers(y);
        float[] added = numbers(bias);
        for (int t = 0; t < tokens; t++) for (int i = 0; i < width; i++) target[t * width + i] += added[i];
    }

    @Override
    public void rmsNorm(Activations x, int rows, int width, Activations weight, float eps, Activations out) {
        kernels.rmsNorm(numbers(x), rows, width, numbers(weight), eps, numbers(out));
    }

    @Override
    public void rope(Activations x, int tokens, int heads, int headDim, int dim, Activations cos, Activations sin) {
        kernels.rope(numbers(x), tokens, heads, headDim, dim, numbers(cos), numbers(sin));
    }

    @Override
    public void store(Activations x, int tokens, int heads, int dim, Activations cache, int capacity, Place start) {
        float[] source = numbers(x);
        float[] target = numbers(cache);
        for (int t = 0; t < tokens; t++)
            for (int head = 0; head < heads; head++)
                System.arraycopy(
                        source, (t * heads + head) * dim, target, (head * capacity + start.position() + t) * dim, dim);
    }

    @Override
    public void attention(
            AttentionShape shape,
            Activations q,
            Activations keys,
            Activations values,
            Place start,
            int tokens,
            Activations out) {
        kernels.attention(shape, numbers(q), numbers(keys), numbers(values), start.position(), tokens, numbers(out));
    }

    @Override
    public void swiGlu(Activations gate, Activations up, int count) {
        kernels.swiGlu(numbers(gate), numbers(up), count);
    }

    @Override
    public void geGlu(Activations gate, Activations up, int count) {
        kernels.geGlu(numbers(gate), numbers(up), count);
    }

    @Override
    public void scale(Activations x, int count, float factor) {
        kernels.scale(numbers(x), count, factor);
    }

    @Override
    public void xielu(Activations x, int count, float p, float n, float beta, float eps) {
        kernels.xielu(numbers(x), count, p, n, beta, eps);
    }

    @Override
    public void add(Activations x, Activations y, int count) {
        kernels.add(numbers(x), numbers(y), count);
    }

    @Override
    public void copy(Columns from, Columns to, int rows, int width) {
        float[] source = numbers(from.of());
        float[] target = numbers(to.of());
        for (int r = 0; r < rows; r++)
            System.arraycopy(source, from.first() + r * from.stride(), target, to.first() + r * to.stride(), width);
    }

    @Override
    public void copyPairsToHalves(Columns from, Columns to, int rows, int width) {
        float[] source = numbers(from.of());
        float[] target = numbers(to.of());
        int half = width / 2;
        for (int r = 0; r < rows; r++) {
            int in = from.first() + r * from.stride();
            int out = to.first() + r * to.stride();
            for (int i = 0; i < half; i++) {
                target[out + i] = source[in + 2 * i];
                target[out + half + i] = source[in + 2 * i + 1];
            }
        }
    }

    @Override
    public void gatherRows(Activations from, int[] rows, int width, Activations to) {
        float[] source = numbers(from);
        float[] target = numbers(to);
        for (int i = 0; i < rows.length; i++) System.arraycopy(source, rows[i] * width, target, i * width, width);
    }

    @Override
    public void addRows(Activations from, int[] rows, float[] weights, int width, Activations to) {
        float[] source = numbers(from);
        float[] target = numbers(to);
        for (int i = 0; i < rows.length; i++) {
            int at = rows[i] * width;
            for (int j = 0; j < width; j++) target[at + j] += weights[i] * source[i * width + j];
        }
    }

    @Override
    public void clear(Activations x, int count) {
        Arrays.fill(numbers(x), 0, count, 0f);
    }

    @Override
    public void crossEntropy(LinearWeight head, Activations hidden, int tokens, int[] targets, double[] nll) {
        kernels.crossEntropy(head, numbers(hidden), tokens, targets, nll);
    }

    @Override
    public void close() {
        kernels.close();
    }
}
