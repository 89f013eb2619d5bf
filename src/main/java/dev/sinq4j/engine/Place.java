package dev.sinq4j.engine;

/**
 * Where the first of some new tokens stands in its text: a number that operations find in the backend's memory, so that an
 * operation which was recorded is right for later tokens too.
 */
public interface Place extends AutoCloseable {

    /** 0 at first. */
    int position();

    void moveTo(int position);

    @Override
    void close();
}
