package dev.sinq4j.kernel.vector;

import dev.sinq4j.kernel.Arguments;
import dev.sinq4j.kernel.AttentionShape;
import dev.sinq4j.kernel.Kernels;
import dev.sinq4j.kernel.LinearWeight;
import dev.sinq4j.kernel.Workers;
import dev.sinq4j.weight.DenseWeight;
import dev.sinq4j.weight.HadamardRotation;
import dev.sinq4j.weight.InputTransform;
import dev.sinq4j.weight.PackedWeight;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@link Kernels} on the Vector API: a few tokens are multiplied reading the weights as they are stored, which is bound by
 * memory; many tokens through panels expanded to fp32, which is bound by the multiply-adds. Working memory belongs to this
 * object and is reused by every call.
 */
public final class VectorKernels implements Kernels {

    /** Numbers of one unit of elementwise work; less than two units is done by the caller alone. */
    private static final int CHUNK = 16384;

    /** Bytes that a decoding thread reads in one go: the prefetchers have to find their way again after every jump. */
    private static final long RUN = 512 << 10;

    private final Workers workers;
    private final Scratch[] scratch;
    private final List<DecodeInput> inputs = new ArrayList<>(); // one a weight that is decoded in the same call
    private final PackedInput packed = new PackedInput();
    private final DecodeAttention decodeAttention;
    private final FlashAttention flashAttention;
    private final StreamedLoss loss;
    private float[] rotated = new float[0];

    /**
     * @param threads the caller included; 0 for one a processor
     */
    public VectorKernels(int threads) {
        workers = new Workers(threads);
        scratch = new Scratch[workers.threads()];
        Arrays.setAll(scratch, i -> new Scratch());
        decodeAttention = new DecodeAttention(workers);
        flashAttention = new FlashAttention(workers);
        loss = new StreamedLoss(workers, scratch);
    }

    @Override
    public String description() {
        int threads = workers.threads();
        return "vector (" + Lanes.BITS + " bit, " + threads + (threads == 1 ? " thread)" : " threads)");
    }

    @Override
    public LinearWeight prepare(Weight weight, Arena arena) {
        return switch (weight) {
            case DenseWeight dense -> new DenseMatrix(dense.tensor());
            case PackedWeight packed -> PackedMatrix.of(packed, arena, workers);
        };
    }

    @Override
    public void linear(LinearWeight weight, float[] x, int tokens, float[] y) {
        Arguments.linear(weight, x, tokens, y);
        if (tokens == 0) return;
        VectorWeight matrix = (VectorWeight) weight;
        float[] transformed = transform(matrix, x, tokens);
        if (tokens <= matrix.decodeTokens()) {
            decode(List.of(matrix), transformed, tokens, List.of(y));
            return;
        }
        packed.pack(transformed, tokens, matrix.columns(), workers);
        multiply(matrix, tokens, y);
    }

    @Override
    public void linears(List<LinearWeight> weights, float[] x, int tokens, List<float[]> ys) {
        for (int i = 0; i < weights.size(); i++) Arguments.linear(weights.get(i), x, tokens, ys.get(i));
        List<VectorWeight> matrices =
                weights.stream().map(weight -> (VectorWeight) weight).toList();
        if (tokens == 0 || !matrices.stream().allMatch(m -> m.inputTransform() instanceof InputTransform.None))
            Kernels.super.linears(weights, x, tokens, ys);
        else if (matrices.stream().allMatch(m -> tokens <= m.decodeTokens())) decode(matrices, x, tokens, ys);
        else if (matrices.stream().allMatch(m -> tokens > m.decodeTokens())) {
            packed.pack(x, tokens, matrices.getFirst().columns(), workers);
            for (int i = 0; i < ys.size(); i++) multiply(matrices.get(i), tokens, ys.get(i));
        } else Kernels.super.linears(weights, x, tokens, ys);
    }

    /** All weights in one call of the team. */
    private void decode(List<VectorWeight> weights, float[] x, int tokens, List<float[]> ys) {
        int panels = 0;
        long bytes = 0;
        for (int i = 0; i < weights.size(); i++) {
            VectorWeight weight = weights.get(i);
            if (inputs.size() == i) inputs.add(new DecodeInput());
            inputs.get(i).reserve(weight, tokens);
            for (Scratch own : scratch) own.reserve(weight);
            for (int t = 0; t < tokens; t++) weight.prepareInput(x, t * weight.columns(), inputs.get(i), t);
            panels += weight.panels();
            bytes += weight.bytes();
        }
        int all = panels;
        int run = panelsARun(all, bytes);
        workers.run(Math.ceilDiv(all, run), (unit, worker) -> {
            int end = Math.min(all, (unit + 1) * run);
            for (int panel = unit * run; panel < end; panel++) decode(weights, panel, tokens, scratch[worker], ys);
        });
    }

    /** One of the panels of all weights, counted through. */
    private void decode(List<VectorWeight> weights, int panel, int tokens, Scratch own, List<float[]> ys) {
        int which = 0;
        while (panel >= weights.get(which).panels())
            panel -= weights.get(which++).panels();
        weights.get(which).decode(panel, inputs.get(which), tokens, own, ys.get(which));
    }

    /** Panels that a thread decodes in one go: as many as lie in {@link #RUN}, but no fewer than four runs a thread. */
    private int panelsARun(int panels, long bytes) {
        long wanted = Math.ceilDiv(RUN * panels, Math.max(1, bytes));
        return Math.clamp(wanted, 1, Math.max(1, panels / (4 * workers.threads())));
    }

    /** What {@link #packed} holds. */
    private void multiply(VectorWeight weight, int tokens, float[] y) {
        for (Scratch own : scratch) own.reserve(weight);
        PanelProduct.run(weight, packed, tokens, y, workers, scratch);
    }

    private float[] transform(VectorWeight weight, float[] x, int tokens) {
        return switch (weight.inputTransform()) {
            case InputTransform.None none -> x;
            case InputTransform.Hadamard hadamard -> {
                int columns = weight.columns();
                if (rotated.length < tokens * columns) rotated = new float[tokens * columns];
                HadamardRotation rotation = HadamardRotation.of(hadamard.block());
                workers.run(tokens, (t, worker) -> {
                    int at = t * columns;
                    for (int i = 0; i < columns; i++) rotated[at + i] = hadamard.signs()[i] * x[at + i];
                    rotation.apply(rotated, at, columns);
                });
                yield rotated;
            }
        };
    }

    @Override
    public void embed(LinearWeight table, int[] ids, int tokens, float[] out) {
        Arguments.embed(table, ids, tokens, out);
        if (!(table instanceof DenseMatrix dense)) throw new IllegalArgumentException("an embedding table is dense");
        int columns = table.columns();
        for (int t = 0; t < tokens; t++) dense.tensor().read((long) ids[t] * columns, columns, out, t * columns);
    }

    @Override
    public void rmsNorm(float[] x, int rows, int width, float[] weight, float eps, float[] out) {
        Arguments.rmsNorm(x, rows, width, weight, out);
        int rowsAUnit = Math.max(1, CHUNK / Math.max(1, width));
        workers.run(Math.ceilDiv(rows, rowsAUnit), (unit, worker) -> {
            int end = Math.min(rows, (unit + 1) * rowsAUnit);
            for (int row = unit * rowsAUnit; row < end; row++)
                Elementwise.rmsNorm(x, row * width, width, weight, eps, out);
        });
    }

    @Override
    public void rope(float[] x, int tokens, int heads, int headDim, int dim, float[] cos, float[] sin) {
        Arguments.rope(x, tokens, heads, headDim, dim, cos, sin);
        int tokensAUnit = Math.max(1, CHUNK / Math.max(1, heads * headDim));
        workers.run(Math.ceilDiv(tokens, tokensAUnit), (unit, worker) -> {
            int end = Math.min(tokens, (unit + 1) * tokensAUnit);
            for (int t = unit * tokensAUnit; t < end; t++)
                for (int head = 0; head < heads; head++)
                    Elementwise.rotate(x, (t * heads + head) * headDim, dim / 2, cos, sin, t * (dim / 2));
        });
    }

    @Override
    public void attention(
            AttentionShape shape, float[] q, float[] keys, float[] values, int start, int tokens, float[] out) {
        Arguments.attention(shape, q, keys, values, start, tokens, out);
        if (tokens >= FlashAttention.FEWEST_TOKENS) flashAttention.run(shape, q, keys, values, start, tokens, out);
        else
            for (int t = 0; t < tokens; t++)
                decodeAttention.run(shape, q, t * shape.heads(), keys, values, start + t, out);
    }

    @Override
    public void swiGlu(float[] gate, float[] up, int count) {
        Arguments.room("gate", gate.length, 1, count);
        Arguments.room("up", up.length, 1, count);
        workers.run(Math.ceilDiv(count, CHUNK), (unit, worker) -> {
            int from = unit * CHUNK;
            Elementwise.swiGlu(gate, up, from, Math.min(count, from + CHUNK));
        });
    }

    @Override
    public void geGlu(float[] gate, float[] up, int count) {
        Arguments.room("gate", gate.length, 1, count);
        Arguments.room("up", up.length, 1, count);
        workers.run(Math.ceilDiv(count, CHUNK), (unit, worker) -> {
            int from = unit * CHUNK;
            Elementwise.geGlu(gate, up, from, Math.min(count, from + CHUNK));
        });
    }

    @Override
    public void xielu(float[] x, int count, float p, float n, float beta, float eps) {
        Arguments.room("x", x.length, 1, count);
        workers.run(Math.ceilDiv(count, CHUNK), (unit, worker) -> {
            int from = unit * CHUNK;
            Elementwise.xielu(x, from, Math.min(count, from + CHUNK), p, n, beta, eps);
        });
    }

    @Override
    public void add(float[] x, float[] y, int count) {
        Arguments.room("x", x.length, 1, count);
        Arguments.room("y", y.length, 1, count);
        workers.run(Math.ceilDiv(count, CHUNK), (unit, worker) -> {
            int from = unit * CHUNK;
            Elementwise.add(x, y, from, Math.min(count, from + CHUNK));
        });
    }

    @Override
    public void scale(float[] x, int count, float factor) {
        Arguments.room("x", x.length, 1, count);
        for (int i = 0; i < count; i++) x[i] *= factor;
    }

    @Override
    public void crossEntropy(LinearWeight head, float[] hidden, int tokens, int[] targets, double[] nll) {
        Arguments.crossEntropy(head, hidden, tokens, targets, nll);
        if (tokens == 0) return;
        VectorWeight matrix = (VectorWeight) head;
        float[] transformed = transform(matrix, hidden, tokens);
        for (Scratch own : scratch) own.reserve(matrix);
        packed.pack(transformed, tokens, matrix.columns(), workers);
        loss.run(matrix, packed, tokens, targets, nll);
    }

    @Override
    public void close() {
        workers.close();
        for (Scratch own : scratch) own.close();
        packed.close();
        flashAttention.close();
    }
}
