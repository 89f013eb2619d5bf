package dev.sinq4j.engine;

import dev.sinq4j.kernel.AttentionShape;
import dev.sinq4j.kernel.LinearWeight;
import dev.sinq4j.method.Method;
import dev.sinq4j.quant.Quantizer;
import dev.sinq4j.quant.Quantizers;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.OptionalLong;

/**
 * The operations a decoder is written in, on memory of the backend's own. Everything is fp32 and row-major, buffers may be
 * larger than needed, outputs do not overlap inputs unless said so. Not thread-safe: one caller at a time.
 *
 * <p>The arithmetic of each operation is that of {@link dev.sinq4j.kernel.Kernels}.
 */
public interface Backend extends AutoCloseable {

    /** {@code cpu} or {@code cuda}. */
    String name();

    /** For logs and provenance: device, instruction set, threads. */
    String description();

    /** Zeroed memory. */
    Activations allocate(int numbers);

    /** The same for keys and values that stay, where a backend counts them apart. */
    default Activations allocateCache(int numbers) {
        return allocate(numbers);
    }

    /** A place for {@link #store} and {@link #attention}. */
    default Place place() {
        return new HostPlace();
    }

    /** For the decoding steps of one session; a backend that records nothing does each anew. */
    default RepeatedStep repeatedStep() {
        return RepeatedStep.ANEW;
    }

    /** Copies the first {@code count} numbers from the host. */
    void write(float[] from, int count, Activations to);

    /** Copies {@code count} numbers from {@code first} on to the host. */
    void read(Activations from, int first, int count, float[] to);

    /**
     * Lays a weight out for this backend.
     *
     * @param arena owner of host memory the layout takes; a dense weight may be used where it lies
     */
    LinearWeight prepare(Weight weight, Arena arena);

    /** The quantizer of a method: on this backend as far as it can, on the CPU otherwise. */
    default Quantizer quantizer(Method method) {
        return Quantizers.of(method);
    }

    /** out(t) = row ids[from + t] of the table. out: (tokens, columns). */
    void embed(LinearWeight table, int[] ids, int from, int tokens, Activations out);

    /** {@code y = x W^T}. x: (tokens, columns), y: (tokens, rows). */
    void linear(LinearWeight weight, Activations x, int tokens, Activations y);

    /** {@link #linear} for several weights of one input. */
    default void linears(List<LinearWeight> weights, Activations x, int tokens, List<Activations> ys) {
        for (int i = 0; i < weights.size(); i++) linear(weights.get(i), x, tokens, ys.get(i));
    }

    /** Adds a bias (width) to each of {@code tokens} rows, in place. */
    void addBias(Activations y, int tokens, int width, Activations bias);

    /** RMSNorm of {@code rows} vectors of {@code width}; out may be x. */
    void rmsNorm(Activations x, int rows, int width, Activations weight, float eps, Activations out);

    /**
     * Rotates pairs (i, i + dim/2) of the first {@code dim} numbers of every head, in place. x: (tokens, heads, headDim), cos
     * and sin: (tokens, dim / 2).
     */
    void rope(Activations x, int tokens, int heads, int headDim, int dim, Activations cos, Activations sin);

    /** Puts x, (tokens, heads, dim), into a cache, (heads, capacity, dim), at positions {@code start} and on. */
    void store(Activations x, int tokens, int heads, int dim, Activations cache, int capacity, Place start);

    /** Causal attention of new queries over the caches, see {@link dev.sinq4j.kernel.Kernels#attention}. */
    void attention(
            AttentionShape shape,
            Activations q,
            Activations keys,
            Activations values,
            Place start,
            int tokens,
            Activations out);

    /** {@code gate = silu(gate) * up}, in place. */
    void swiGlu(Activations gate, Activations up, int count);

    /** {@code gate = gelu(gate) * up}, in place. */
    void geGlu(Activations gate, Activations up, int count);

    /** {@code x *= factor}. */
    void scale(Activations x, int count, float factor);

    /** xIELU in place, see {@link dev.sinq4j.kernel.Kernels#xielu}. */
    void xielu(Activations x, int count, float p, float n, float beta, float eps);

    /** {@code x += y}. */
    void add(Activations x, Activations y, int count);

    /** Copies {@code width} columns of {@code rows} rows. */
    void copy(Columns from, Columns to, int rows, int width);

    /** As {@link #copy}, turning neighbouring pairs into halves: number 2i goes to i, number 2i + 1 to i + width/2. */
    void copyPairsToHalves(Columns from, Columns to, int rows, int width);

    /** to(i) = from(rows[i]). from: (any, width), to: (rows.length, width). */
    void gatherRows(Activations from, int[] rows, int width, Activations to);

    /** to(rows[i]) += weights[i] * from(i), for i in ascending order. from: (rows.length, width). */
    void addRows(Activations from, int[] rows, float[] weights, int width, Activations to);

    /** Sets the first {@code count} numbers to zero. */
    void clear(Activations x, int count);

    /**
     * Negative log-likelihood, in nats, of one target per token. hidden: (tokens, width), after the last norm; head:
     * (vocabulary, width).
     */
    void crossEntropy(LinearWeight head, Activations hidden, int tokens, int[] targets, double[] nll);

    /** The most memory of a device of its own that was held at a time; empty where there is none. */
    default OptionalLong peakDeviceBytes() {
        return OptionalLong.empty();
    }

    /** Bytes of a device's memory for what is loaded next; empty where buffers are in the host's. */
    default OptionalLong freeDeviceBytes() {
        return OptionalLong.empty();
    }

    /** Starts looking for {@link #peakDeviceBytes} again, from what is held now. */
    default void forgetPeakDeviceBytes() {}

    @Override
    void close();
}
