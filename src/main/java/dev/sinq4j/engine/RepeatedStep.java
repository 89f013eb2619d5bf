package dev.sinq4j.engine;

import java.util.function.Supplier;

/**
 * A step that a session takes again and again: the same operations on the same memory, in which other numbers stand each time.
 * A backend may record them, and from then on start all of them at once.
 */
@FunctionalInterface
public interface RepeatedStep extends AutoCloseable {

    /** Asks for every operation anew, each time. */
    RepeatedStep ANEW = (start, step) -> step.get();

    /**
     * Takes the step.
     *
     * @param start where the step's tokens stand, which the step does not change
     * @param step  asks the backend for operations and for nothing else: what it needs of the host is written before, what the
     *     host needs of it is read afterwards
     * @return what the step returned, now or when it was recorded
     */
    Activations run(Place start, Supplier<Activations> step);

    @Override
    default void close() {}
}
