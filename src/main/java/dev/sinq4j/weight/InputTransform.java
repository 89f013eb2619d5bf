package dev.sinq4j.weight;

/** What happens to a linear layer's input before its codes see it. */
public sealed interface InputTransform {

    /** Bytes that say which transform it is. */
    long storedBytes();

    /** Nothing. */
    record None() implements InputTransform {
        @Override
        public long storedBytes() {
            return 0;
        }
    }

    /**
     * A block-diagonal randomized Hadamard rotation, {@code T(x) = H_block (signs * x) / sqrt(block)} on each block of columns.
     *
     * @param block columns of one block: a size a Hadamard matrix is known for, dividing the columns
     * @param signs (columns), +1 or -1
     */
    record Hadamard(int block, byte[] signs) implements InputTransform {

        /** {@code x <- T(x)}: x holds {@code count} numbers from {@code offset} on, whole rows of columns. */
        public void apply(float[] x, int offset, int count) {
            for (int i = 0; i < count; i++) x[offset + i] *= signs[i % signs.length];
            HadamardRotation.of(block).apply(x, offset, count);
        }

        /** Undoes {@link #apply}. */
        public void undo(float[] x, int offset, int count) {
            HadamardRotation.of(block).applyTransposed(x, offset, count);
            for (int i = 0; i < count; i++) x[offset + i] *= signs[i % signs.length];
        }

        /** One bit a sign. */
        @Override
        public long storedBytes() {
            return Math.ceilDiv(signs.length, Byte.SIZE);
        }
    }
}
