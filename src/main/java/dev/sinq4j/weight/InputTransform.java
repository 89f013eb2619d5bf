package dev.sinq4j.weight;

/** What happens to a linear layer's input before its codes see it. */
public sealed interface InputTransform {

    /** Nothing. */
    record None() implements InputTransform {}

    /**
     * A block-diagonal randomized Hadamard rotation, {@code T(x) = H_block (signs * x) / sqrt(block)} on each block of columns.
     *
     * @param block columns of one block: a size a Hadamard matrix is known for, dividing the columns
     * @param signs (columns), +1 or -1
     */
    record Hadamard(int block, byte[] signs) implements InputTransform {}
}
