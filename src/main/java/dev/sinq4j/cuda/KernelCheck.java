package dev.sinq4j.cuda;

import dev.sinq4j.engine.Activations;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.Place;
import dev.sinq4j.kernel.LinearWeight;
import dev.sinq4j.weight.Weight;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One operation that is held against the CPU's, on random input.
 *
 * @param name       of the operation and its sizes
 * @param file       kernels it tests, a source in {@code src/main/cuda}
 * @param weight     what it multiplies with, if anything
 * @param start      position of its first token, where that matters
 * @param arrays     what it reads and writes, as it finds them; all are compared afterwards
 * @param operation  does it
 * @param compared   how arrays are compared
 * @param tolerance  largest difference
 * @param bytes      that must be read and written at least
 * @param operations multiplications and additions of numbers
 */
record KernelCheck(
        String name,
        String file,
        @Nullable Weight weight,
        int start,
        float[][] arrays,
        Operation operation,
        Compared compared,
        double tolerance,
        long bytes,
        long operations) {

    /** Of tokens whose position does not matter. */
    KernelCheck(
            String name,
            String file,
            @Nullable Weight weight,
            float[][] arrays,
            Operation operation,
            Compared compared,
            double tolerance,
            long bytes,
            long operations) {
        this(name, file, weight, 0, arrays, operation, compared, tolerance, bytes, operations);
    }

    /** What the difference of two arrays is. */
    enum Compared {
        /** The largest difference of two numbers at one place, relative to the largest number. */
        LARGEST,
        /** The share of places that differ, as rounding ties may. */
        SHARE
    }

    /**
     * What an operation finds prepared beside its arrays.
     *
     * @param weight laid out by the backend, if the check has one
     * @param start  where its first token stands
     */
    record Given(@Nullable LinearWeight weight, Place start) {

        LinearWeight matrix() {
            return Objects.requireNonNull(weight);
        }
    }

    /** Asks a backend for the operation. */
    interface Operation {

        /** @param arrays in the backend's memory */
        void run(Backend backend, Given given, Activations... arrays);
    }
}
