package dev.sinq4j.hub.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Closes a stream on which no byte has come for a while, so that whoever reads it goes on. */
final class StallGuard implements AutoCloseable {

    private final Thread watcher;
    private final Duration limit;
    private volatile long lastByte = System.nanoTime();
    private volatile boolean stalled;

    StallGuard(InputStream stream, Duration limit) {
        this.limit = limit;
        this.watcher = Thread.ofVirtual().start(() -> watch(stream));
    }

    /** A byte has come. */
    void alive() {
        lastByte = System.nanoTime();
    }

    /** @throws IOException if the stream ended because it was closed here */
    void requireAlive() throws IOException {
        if (stalled) throw new IOException("no byte came for " + limit.toMillis() / 1000.0 + " s");
    }

    private void watch(InputStream stream) {
        try {
            for (long idle = 0; idle < limit.toNanos(); idle = System.nanoTime() - lastByte)
                Thread.sleep(Duration.ofNanos(limit.toNanos() - idle));
            stalled = true;
            stream.close();
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        } catch (IOException alreadyBroken) {
            // the reader notices by itself
        }
    }

    @Override
    public void close() {
        watcher.interrupt();
    }
}
