package dev.sinq4j.kernel;

import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * The arithmetic of inference on host memory, fp32 throughout, on weights that stay as they are stored. Two
 * implementations: {@code scalar}, plain loops that are the reference, and {@code vector}, on the JDK's Vector API.
 *
 * <p>Activations are row-major {@code float[]}; arrays may be longer than needed. Outputs must not overlap inputs unless
 * said so. Every output number is computed by one thread in a fixed order, so that results do not depend on the number of
 * threads. Arguments are checked here, at the border; not thread-safe: one caller at a time.
 */
public interface Kernels extends AutoCloseable {

    /**
     * The fastest kernels this JVM can run; the system property {@code sinq4j.kernels} forces others, for debugging:
     * {@code scalar}, {@code vector}, {@code vector-128}, {@code vector-256}, {@code vector-512}, and {@code
     * vector-256-converting} and {@code vector-512-converting}, which do without {@link Subnormals} and read several runs of
     * weights at a time.
     *
     * @param threads the caller included; 0 for one a processor
     */
    static Kernels create(int threads) {
        return KernelChoice.create(System.getProperty("sinq4j.kernels", ""), threads);
    }

    /**
     * Kernels by name, see {@link #create(int)}.
     *
     * @throws dev.sinq4j.failure.UsageFailure       for an unknown name
     * @throws dev.sinq4j.failure.UnavailableFailure if the JVM has no Vector API module
     */
    static Kernels create(int threads, String name) {
        return KernelChoice.create(name, threads);
    }

    /** For logs and provenance, for example {@code vector (512 bit, 2 threads)}. */
    String description();

    /**
     * Lays a weight out for {@link #linear}, {@link #embed} and {@link #crossEntropy}. A dense weight may be used where it
     * lies, so its tensor must outlive the result; a packed one is copied.
     *
     * @param arena owner of the new memory
     */
    LinearWeight prepare(Weight weight, Arena arena);

    /** {@code y = x W^T}. x: (tokens, columns), y: (tokens, rows). */
    void linear(LinearWeight weight, float[] x, int tokens, float[] y);

    /**
     * {@link #linear} for several weights of one input: fewer barriers between threads, and what they share is done once.
     *
     * @param ys one (tokens, rows) a weight
     */
    default void linears(List<LinearWeight> weights, float[] x, int tokens, List<float[]> ys) {
        for (int i = 0; i < weights.size(); i++) linear(weights.get(i), x, tokens, ys.get(i));
    }

    /** out(t) = row ids[t] of the table. out: (tokens, columns). Dense tables only. */
    void embed(LinearWeight table, int[] ids, int tokens, float[] out);

    /**
     * {@code out = x / sqrt(mean(x^2) + eps) * weight} for each of {@code rows} vectors of {@code width}; the mean is
     * accumulated in fp32 lanes. {@code out} may be {@code x}.
     */
    void rmsNorm(float[] x, int rows, int width, float[] weight, float eps, float[] out);

    /**
     * Rotates pairs (i, i + dim/2) of the first {@code dim} numbers of every head, in place.
     *
     * @param x   (tokens, heads, headDim)
     * @param cos (tokens, dim / 2), of the tokens' positions
     * @param sin (tokens, dim / 2)
     */
    void rope(float[] x, int tokens, int heads, int headDim, int dim, float[] cos, float[] sin);

    /**
     * Causal attention of {@code tokens} new queries whose first stands at position {@code start}; keys and values of
     * positions {@code 0 .. start + tokens - 1} are there already.
     *
     * @param q      (tokens, heads, keyDim)
     * @param keys   (kvHeads, capacity, keyDim)
     * @param values (kvHeads, capacity, valueDim)
     * @param out    (tokens, heads, valueDim)
     */
    void attention(AttentionShape shape, float[] q, float[] keys, float[] values, int start, int tokens, float[] out);

    /** {@code gate = silu(gate) * up}, {@code count} numbers, in place. */
    void swiGlu(float[] gate, float[] up, int count);

    /** {@code gate = gelu(gate) * up}, {@code count} numbers, in place; gelu by its tanh approximation. */
    void geGlu(float[] gate, float[] up, int count);

    /**
     * xIELU in place: {@code x > 0: p x^2 + beta x}, otherwise {@code n (expm1(min(x, eps)) - x) + beta x}.
     *
     * @param p softplus(alpha_p)
     * @param n beta + softplus(alpha_n)
     */
    void xielu(float[] x, int count, float p, float n, float beta, float eps);

    /** {@code x += y}, {@code count} numbers. */
    void add(float[] x, float[] y, int count);

    /** {@code x *= factor}, {@code count} numbers. */
    void scale(float[] x, int count, float factor);

    /**
     * Negative log-likelihood, in nats, of one target per token under {@code softmax(hidden W^T)}, the vocabulary streamed by
     * tiles with a running log-sum-exp; the logits are never stored whole.
     *
     * @param head    (vocabulary, width)
     * @param hidden  (tokens, width)
     * @param targets one id a token
     * @param nll     one number a token, overwritten
     */
    void crossEntropy(LinearWeight head, float[] hidden, int tokens, int[] targets, double[] nll);

    @Override
    void close();
}
