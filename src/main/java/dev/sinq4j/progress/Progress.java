package dev.sinq4j.progress;

/** Where long work reports to; knows nothing of what is done. */
public interface Progress {

    /** Says nothing. */
    Progress SILENT = (what, total) -> new Task() {
        @Override
        public void advance(long steps) {}

        @Override
        public void close() {}
    };

    /**
     * Begins a stretch of work.
     *
     * @param what  a few words, such as {@code quantize sinq 3 bits}
     * @param total steps it will take; weights, windows, bytes: what passes at an even pace
     */
    Task begin(String what, long total);

    /** One stretch of work; safe to use from several threads. */
    interface Task extends AutoCloseable {

        /** Some more steps are done. */
        void advance(long steps);

        /** The stretch is over, done or not. */
        @Override
        void close();
    }
}
