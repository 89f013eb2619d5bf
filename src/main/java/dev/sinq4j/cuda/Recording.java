package dev.sinq4j.cuda;

/**
 * Launches with their arguments, started together as often as wanted. Whoever recorded them closes this; the device closes what
 * is left when it is closed itself.
 */
public interface Recording extends AutoCloseable {

    /** Whether all memory that the launches refer to is still held. What was freed may have moved: then record anew. */
    boolean isUsable();

    /**
     * Starts all launches, in their order, behind what the device was asked for before.
     *
     * @throws IllegalStateException if memory was freed that they refer to
     */
    void replay();

    @Override
    void close();
}
