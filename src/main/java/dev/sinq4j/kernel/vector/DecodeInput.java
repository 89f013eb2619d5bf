package dev.sinq4j.kernel.vector;

/** Activations as {@link VectorWeight#decode} reads them, a few tokens. Owned by the kernels, reused by every call. */
final class DecodeInput {

    float[] x = new float[0]; // (tokens, inputLength)
    float[] sums = new float[0]; // (tokens, sumsLength)

    /** Makes room for some tokens of a weight. */
    void reserve(VectorWeight weight, int tokens) {
        int length = tokens * weight.inputLength();
        if (x.length < length) x = new float[length];
        int sumsLength = tokens * weight.sumsLength();
        if (sums.length < sumsLength) sums = new float[sumsLength];
    }
}
