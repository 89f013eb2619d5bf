package dev.sinq4j.kernel;

import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.PackedWeight;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;

/**
 * Plain loops: the reference the vector kernels are held to. Inputs and outputs are fp32; sums are accumulated in double,
 * in ascending order.
 */
final class ScalarKernels implements Kernels {

    private static final int ROWS_A_UNIT = 16;

    private final Workers workers;

    ScalarKernels(int threads) {
        workers = new Workers(threads);
    }

    @Override
    public String description() {
        return "scalar (" + workers.threads() + (workers.threads() == 1 ? " thread)" : " threads)");
    }

    @Override
    public LinearWeight prepare(Weight weight, Arena arena) {
        return switch (weight) {
            case DenseWeight dense -> new ScalarDense(dense.tensor());
            case PackedWeight packed -> new ScalarPacked(packed);
        };
    }

    @Override
    public void linear(LinearWeight weight, float[] x, int tokens, float[] y) {
        Arguments.linear(weight, x, tokens, y);
        ScalarWeight matrix = (ScalarWeight) weight;
        float[] input = matrix.transform(x, tokens);
        int rows = matrix.rows();
        workers.run(Math.ceilDiv(rows, ROWS_A_UNIT), (unit, worker) -> {
            int end = Math.min((unit + 1) * ROWS_A_UNIT, rows);
            for (int row = unit * ROWS_A_UNIT; row < end; row++) matrix.product(row, input, tokens, y);
        });
    }

    @Override
    public void embed(LinearWeight table, int[] ids, int tokens, float[] out) {
        Arguments.embed(table, ids, tokens, out);
        if (!(table instanceof ScalarDense dense)) throw new IllegalArgumentException("an embedding table is dense");
        for (int t = 0; t < tokens; t++)
            dense.tensor().read((long) ids[t] * table.columns(), table.columns(), out, t * table.columns());
    }

    @Override
    public void rmsNorm(float[] x, int rows, int width, float[] weight, float eps, float[] out) {
        Arguments.rmsNorm(x, rows, width, weight, out);
        for (int row = 0; row < rows; row++) {
            int at = row * width;
            double squares = 0;
            for (int i = 0; i < width; i++) squares += (double) x[at + i] * x[at + i];
            float factor = (float) (1 / Math.sqrt(squares / width + eps));
            for (int i = 0; i < width; i++) out[at + i] = x[at + i] * factor * weight[i];
        }
    }

    @Override
    public void rope(float[] x, int tokens, int heads, int headDim, int dim, float[] cos, float[] sin) {
        Arguments.rope(x, tokens, heads, headDim, dim, cos, sin);
        int half = dim / 2;
        for (int t = 0; t < tokens; t++)
            for (int head = 0; head < heads; head++) {
                int at = (t * heads + head) * headDim;
                for (int i = 0; i < half; i++) {
                    float a = x[at + i];
                    float b = x[at + half + i];
                    float c = cos[t * half + i];
                    float s = sin[t * half + i];
                    x[at + i] = a * c - b * s;
                    x[at + half + i] = b * c + a * s;
                }
            }
    }

    @Override
    public void attention(
            AttentionShape shape, float[] q, float[] keys, float[] values, int start, int tokens, float[] out) {
        Arguments.attention(shape, q, keys, values, start, tokens, out);
        int heads = shape.heads();
        workers.run(tokens * heads, (unit, worker) -> {
            int position = start + unit / heads;
            ScalarAttention.oneQuery(shape, q, keys, values, unit % heads, unit, position, out);
        });
    }

    @Override
    public void swiGlu(float[] gate, float[] up, int count) {
        Arguments.room("gate", gate.length, 1, count);
        Arguments.room("up", up.length, 1, count);
        for (int i = 0; i < count; i++) gate[i] = (float) (gate[i] / (1 + Math.exp(-gate[i])) * up[i]);
    }

    @Override
    public void geGlu(float[] gate, float[] up, int count) {
        Arguments.room("gate", gate.length, 1, count);
        Arguments.room("up", up.length, 1, count);
        for (int i = 0; i < count; i++) {
            double x = gate[i];
            double half = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
            gate[i] = (float) (0.5 * x * (1 + Math.tanh(half)) * up[i]);
        }
    }

    @Override
    public void xielu(float[] x, int count, float p, float n, float beta, float eps) {
        Arguments.room("x", x.length, 1, count);
        for (int i = 0; i < count; i++) {
            double v = x[i];
            x[i] = (float) (v > 0 ? p * v * v + beta * v : n * (Math.expm1(Math.min(v, eps)) - v) + beta * v);
        }
    }

    @Override
    public void add(float[] x, float[] y, int count) {
        Arguments.room("x", x.length, 1, count);
        Arguments.room("y", y.length, 1, count);
        for (int i = 0; i < count; i++) x[i] += y[i];
    }

    @Override
    public void scale(float[] x, int count, float factor) {
        Arguments.room("x", x.length, 1, count);
        for (int i = 0; i < count; i++) x[i] *= factor;
    }

    @Override
    public void crossEntropy(LinearWeight head, float[] hidden, int tokens, int[] targets, double[] nll) {
        Arguments.crossEntropy(head, hidden, tokens, targets, nll);
        ScalarWeight matrix = (ScalarWeight) head;
        float[] input = matrix.transform(hidden, tokens);
        workers.run(tokens, (token, worker) -> {
            double max = Double.NEGATIVE_INFINITY;
            double sum = 0;
            for (int row = 0; row < matrix.rows(); row++) {
                double logit = matrix.dot(row, input, token);
                if (logit > max) {
                    sum *= Math.exp(max - logit);
                    max = logit;
                }
                sum += Math.exp(logit - max);
            }
            nll[token] = max + Math.log(sum) - matrix.dot(targets[token], input, token);
        });
    }

    @Override
    public void close() {
        workers.close();
    }
}
