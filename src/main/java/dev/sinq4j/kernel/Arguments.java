package dev.sinq4j.kernel;

/** The border checks every implementation of {@link Kernels} shares. A violation is a bug of the caller. */
public final class Arguments {

    private Arguments() {}

    /** Sizes of {@link Kernels#linear}. */
    public static void linear(LinearWeight weight, float[] x, int tokens, float[] y) {
        room("x", x.length, tokens, weight.columns());
        room("y", y.length, tokens, weight.rows());
    }

    /** Sizes and ids of {@link Kernels#embed}. */
    public static void embed(LinearWeight table, int[] ids, int tokens, float[] out) {
        room("ids", ids.length, tokens, 1);
        room("out", out.length, tokens, table.columns());
        ids("ids", ids, tokens, table.rows());
    }

    /** Sizes of {@link Kernels#rmsNorm}. */
    public static void rmsNorm(float[] x, int rows, int width, float[] weight, float[] out) {
        room("x", x.length, rows, width);
        room("out", out.length, rows, width);
        room("weight", weight.length, 1, width);
    }

    /** Sizes of {@link Kernels#rope}. */
    public static void rope(float[] x, int tokens, int heads, int headDim, int dim, float[] cos, float[] sin) {
        if (dim < 0 || dim > headDim || dim % 2 != 0)
            throw new IllegalArgumentException("dim must be even and at most headDim " + headDim + ", was " + dim);
        room("x", x.length, tokens, (long) heads * headDim);
        room("cos", cos.length, tokens, dim / 2);
        room("sin", sin.length, tokens, dim / 2);
    }

    /** Sizes of {@link Kernels#attention}. */
    public static void attention(
            AttentionShape shape, float[] q, float[] keys, float[] values, int start, int tokens, float[] out) {
        if (start < 0 || (long) start + tokens > shape.capacity())
            throw new IllegalArgumentException("positions " + start + " to " + ((long) start + tokens)
                    + " do not fit a capacity of " + shape.capacity());
        room("q", q.length, tokens, (long) shape.heads() * shape.keyDim());
        room("keys", keys.length, shape.kvHeads(), (long) shape.capacity() * shape.keyDim());
        room("values", values.length, shape.kvHeads(), (long) shape.capacity() * shape.valueDim());
        room("out", out.length, tokens, (long) shape.heads() * shape.valueDim());
    }

    /** Sizes and ids of {@link Kernels#crossEntropy}. */
    public static void crossEntropy(LinearWeight head, float[] hidden, int tokens, int[] targets, double[] nll) {
        room("hidden", hidden.length, tokens, head.columns());
        room("targets", targets.length, tokens, 1);
        room("nll", nll.length, tokens, 1);
        ids("targets", targets, tokens, head.rows());
    }

    /** That an array holds {@code count} x {@code width} numbers. */
    public static void room(String name, int length, int count, long width) {
        if (count < 0) throw new IllegalArgumentException("a count must be 0 or more, was " + count);
        if (length < count * width)
            throw new IllegalArgumentException(
                    name + ": expected at least " + count + " x " + width + " numbers, found " + length);
    }

    private static void ids(String name, int[] ids, int count, int rows) {
        for (int i = 0; i < count; i++)
            if (ids[i] < 0 || ids[i] >= rows)
                throw new IllegalArgumentException(
                        name + "[" + i + "]: expected 0 to " + (rows - 1) + ", found " + ids[i]);
    }
}
