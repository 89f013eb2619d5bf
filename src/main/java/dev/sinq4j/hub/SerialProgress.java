package dev.sinq4j.hub;

/** Lets one call through at a time. */
final class SerialProgress implements FetchProgress {

    private final FetchProgress listener;

    SerialProgress(FetchProgress listener) {
        this.listener = listener;
    }

    @Override
    public synchronized void begin(RepoId repo, String commit, int files, long bytes) {
        listener.begin(repo, commit, files, bytes);
    }

    @Override
    public synchronized void advanced(long done) {
        listener.advanced(done);
    }

    @Override
    public synchronized void finished(String file) {
        listener.finished(file);
    }

    @Override
    public synchronized void note(String message) {
        listener.note(message);
    }

    @Override
    public synchronized void end() {
        listener.end();
    }
}
