package dev.sinq4j.kernel;

import dev.sinq4j.failure.UsageFailure;

/** Which {@link Kernels} to use. */
final class KernelChoice {

    private KernelChoice() {}

    /**
     * @param name see {@link Kernels#create(int)}; blank for the fastest
     */
    static Kernels create(String name, int threads) {
        return switch (name) {
            case "", "vector", "scalar" -> new ScalarKernels(threads);
            default ->
                throw new UsageFailure("sinq4j.kernels: expected scalar, vector, vector-128, vector-256 or vector-512,"
                        + " found '" + name + "'");
        };
    }
}
