package dev.sinq4j.engine;

import dev.sinq4j.kernel.AttentionShape;
import dev.sinq4j.kernel.LinearWeight;
import dev.sinq4j.method.Method;
import dev.sinq4j.quant.Quantizer;
import dev.sinq4j.tensor.BFloat16;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
import java.util.Arrays;

/**
 * Another backend whose results are rounded to bf16 wherever transformers rounds them in a bf16 model: after every operation, and
 * inside norms, rotations and activation functions after each step. The SINQ reference calibrates a bf16 model, and which activation scale wins
 * a close search depends on that rounding; nothing is evaluated this way.
 */
final class BFloat16Backend implements Backend {

    private final Backend exact;

    /** @param exact computes; stays the caller's to close */
    BFloat16Backend(Backend exact) {
        this.exact = exact;
    }

    private void round(Activations activations, int count) {
        float[] numbers = numbers(activations, count);
        for (int i = 0; i < count; i++) numbers[i] = round(numbers[i]);
        exact.write(numbers, count, activations);
    }

    private static float round(float number) {
        return BFloat16.toFloat(BFloat16.fromFloat(number));
    }

    private float[] numbers(Activations activations, int count) {
        float[] numbers = new float[count];
        exact.read(activations, 0, count, numbers);
        return numbers;
    }

    @Override
    public String name() {
        return exact.name();
    }

    @Override
    public String description() {
        return exact.description() + ", results rounded to bf16";
    }

    @Override
    public Quantizer quantizer(Method method) {
        return exact.quantizer(method);
    }

    @Override
    public Activations allocate(int numbers) {
        return exact.allocate(numbers);
    }

    @Override
    public Activations allocateCache(int numbers) {
        return exact.allocateCache(numbers);
    }

    @Override
    public Place place() {
        return exact.place();
    }

    @Override
    public void write(float[] from, int count, Activations to) {
        exact.write(from, count, to);
    }

    @Override
    public void read(Activations from, int first, int count, float[] to) {
        exact.read(from, first, count, to);
    }

    @Override
    public LinearWeight prepare(Weight weight, Arena arena) {
        return exact.prepare(weight, arena);
    }

    @Override
    public void embed(LinearWeight table, int[] ids, int from, int tokens, Activations out) {
        exact.embed(table, ids, from, tokens, out);
    }

    @Override
    public void linear(LinearWeight weight, Activations x, int tokens, Activations y) {
        exact.linear(weight, x, tokens, y);
        round(y, tokens * weight.rows());
    }

    @Override
    public void addBias(Activations y, int tokens, int width, Activations bias) {
        exact.addBias(y, tokens, width, bias);
        round(y, tokens * width);
    }

    @Override
    public void rmsNorm(Activations x, int rows, int width, Activations weight, float eps, Activations out) {
        float[] weights = numbers(weight, width);
        float[] ones = new float[width];
        Arrays.fill(ones, 1);
        try (Activations unweighted = exact.allocate(width)) {
            exact.write(ones, width, unweighted);
            exact.rmsNorm(x, rows, width, unweighted, eps, out);
        }
        float[] normed = numbers(out, rows * width);
        for (int i = 0; i < normed.length; i++) normed[i] = round(round(normed[i]) * weights[i % width]);
        exact.write(normed, normed.length, out);
    }

    @Override
    public void rope(Activations x, int tokens, int heads, int headDim, int dim, Activations cos, Activations sin) {
        int half = dim / 2;
        float[] c = numbers(cos, tokens * half);
        float[] s = numbers(sin, tokens * half);
        float[] all = numbers(x, tokens * heads * headDim);
        for (int i = 0; i < tokens * heads; i++)
            for (int j = 0; j < half; j++) {
                int first = i * headDim + j;
                float a = all[first];
                float b = all[first + half];
                float cosine = round(c[i / heads * half + j]);
                float sine = round(s[i / heads * half + j]);
                all[first] = round(round(a * cosine) - round(b * sine));
                all[first + half] = round(round(b * cosine) + round(a * sine));
            }
        exact.write(all, all.length, x);
    }

    @Override
    public void store(Activations x, int tokens, int heads, int dim, Activations cache, int capacity, Place start) {
        exact.store(x, tokens, heads, dim, cache, capacity, start);
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
        exact.attention(shape, q, keys, values, start, tokens, out);
        round(out, tokens * shape.heads() * shape.valueDim());
    }

    @Override
    public void swiGlu(Activations gate, Activations up, int count) {
        float[] gates = numbers(gate, count);
        float[] ups = numbers(up, count);
        for (int i = 0; i < count; i++) {
            float silu = round((float) (gates[i] / (1 + Math.exp(-gates[i]))));
            gates[i] = round(silu * ups[i]);
        }
        exact.write(gates, count, gate);
    }

    @Override
    public void geGlu(Activations gate, Activations up, int count) {
        float[] ups = numbers(up, count);
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        try (Activations ungated = exact.allocate(count)) {
            exact.write(ones, count, ungated);
            exact.geGlu(gate, ungated, count);
        }
        float[] gates = numbers(gate, count);
        for (int i = 0; i < count; i++) gates[i] = round(round(gates[i]) * ups[i]);
        exact.write(gates, count, gate);
    }

    @Override
    public void scale(Activations x, int count, float factor) {
        exact.scale(x, count, round(factor));
        round(x, count);
    }

    @Override
    public void xielu(Activations x, int count, float p, float n, float beta, float eps) {
        float[] all = numbers(x, count);
        for (int i = 0; i < count; i++) all[i] = xielu(all[i], round(p), round(n), beta, eps);
        exact.write(all, count, x);
    }

    private static float xielu(float x, float p, float n, float beta, float eps) {
        float linear = round(beta * x);
        if (x > 0) return round(round(round(p * x) * x) + linear);
        float bent = round(round((float) Math.expm1(Math.min(x, eps))) - x);
        return round(round(bent * n) + linear);
    }

    @Override
    public void add(Activations x, Activations y, int count) {
        exact.add(x, y, count);
        round(x, count);
    }

    @Override
    public void copy(Columns from, Columns to, int rows, int width) {
        exact.copy(from, to, rows, width);
    }

    @Override
    public void copyPairsToHalves(Columns from, Columns to, int rows, int width) {
        exact.copyPairsToHalves(from, to, rows, width);
    }

    @Override
    public void gatherRows(Activations from, int[] rows, int width, Activations to) {
        exact.gatherRows(from, rows, width, to);
    }

    @Override
    public void addRows(Activations from, int[] rows, float[] weights, int width, Activations to) {
        exact.addRows(from, rows, weights, width, to);
    }

    @Override
    public void clear(Activations x, int count) {
        exact.clear(x, count);
    }

    @Override
    public void crossEntropy(LinearWeight head, Activations hidden, int tokens, int[] targets, double[] nll) {
        exact.crossEntropy(head, hidden, tokens, targets, nll);
    }

    @Override
    public void close() {}
}
