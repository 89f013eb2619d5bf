package dev.sinq4j.model;

import dev.sinq4j.model.architecture.Architecture;
import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.Parameter;
import dev.sinq4j.tensor.Tensor;
import dev.sinq4j.weight.Weight;
import java.lang.foreign.Arena;
import java.util.Map;

/**
 * A model's numbers as they are stored, one tensor at a time. Closing it ends the life of every tensor it handed out that
 * was not made in the caller's arena. Reading is thread-safe.
 */
public interface ModelSource extends AutoCloseable {

    /** What the model consists of. */
    Architecture architecture();

    /** Where it comes from, for messages and logs. */
    String description();

    /**
     * The matrix of a linear layer, or of the head, in its stored form.
     *
     * @param arena owner of memory the source has to make; unused where the matrix is mapped from a file
     */
    Weight weight(Linear linear, Arena arena);

    /**
     * A tensor that is no linear layer's matrix; F32, F16 or BF16.
     *
     * @param arena owner of memory the source has to make; unused where the tensor is mapped from a file
     */
    Tensor tensor(Parameter parameter, Arena arena);

    /** SHA-256 of every file that decides the model's numbers, by file name, hexadecimal; reads all of them. */
    Map<String, String> sha256();

    /** Whether the numbers are random, so that only speed and memory mean something. */
    boolean synthetic();

    @Override
    void close();
}
