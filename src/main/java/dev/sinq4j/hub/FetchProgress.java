package dev.sinq4j.hub;

/** Hears how a fetch gets on. Methods are called from several threads, never two at a time. */
public interface FetchProgress {

    /** Nobody listens. */
    FetchProgress NONE = new FetchProgress() {};

    /**
     * Files and sizes are known.
     *
     * @param bytes of all files together, those already in the cache included
     */
    default void begin(RepoId repo, String commit, int files, long bytes) {}

    /**
     * Bytes of all files that are on the disk by now. The number falls where a file has to start over.
     *
     * @param done of the bytes {@link #begin} named
     */
    default void advanced(long done) {}

    /** A file is complete and verified. */
    default void finished(String file) {}

    /** Something a user may want to know: a retry, a wait for another process. */
    default void note(String message) {}

    /** The fetch is over, well or not. */
    default void end() {}
}
