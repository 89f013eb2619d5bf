package dev.sinq4j.engine;

/** fp32 numbers in a backend's memory. Only the backend that made them can look inside. */
public interface Activations extends AutoCloseable {

    /** How many numbers there is room for. */
    int size();

    /** Gives the memory back; whoever allocated it does so. */
    @Override
    void close();
}
