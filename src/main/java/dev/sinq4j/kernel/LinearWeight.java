package dev.sinq4j.kernel;

/**
 * A matrix laid out by one {@link Kernels} for its own use; nobody else can look inside. Lives as long as the arena it
 * was prepared in.
 */
public interface LinearWeight {

    /** Output features. */
    int rows();

    /** Input features. */
    int columns();

    /** Bytes of memory this layout takes, off the heap and on it; what one decode step has to read. */
    long bytes();
}
