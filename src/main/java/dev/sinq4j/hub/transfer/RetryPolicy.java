package dev.sinq4j.hub.transfer;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Tries again after what may pass: a broken connection, too many requests, a failing server. The wait doubles from try to try and
 * is shortened by a random part of up to a half, so that many clients do not return together; a server that names a time is obeyed.
 *
 * @param attempts tries without any progress before giving up
 * @param first    longest wait before the second try
 * @param longest  longest wait before any try
 * @param patience a server that asks for more than this is not waited for
 * @param silence  a connection on which no byte comes for so long counts as broken
 */
public record RetryPolicy(int attempts, Duration first, Duration longest, Duration patience, Duration silence) {

    public static final RetryPolicy DEFAULT = new RetryPolicy(
            6, Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofSeconds(60));

    /** Something that may work at the next try. */
    public static final class Transient extends IOException {

        private static final long serialVersionUID = 1L;

        private final transient Optional<Duration> retryAfter;

        public Transient(String message, Optional<Duration> retryAfter) {
            super(message);
            this.retryAfter = retryAfter;
        }
    }

    /** One try. */
    @FunctionalInterface
    public interface Attempt<T> {

        /** @throws IOException if another try may help */
        T run() throws IOException, InterruptedException;

        /** Whether the last try got further than the one before; then the count begins anew. */
        default boolean progressed() {
            return false;
        }
    }

    /**
     * @param what as notes name it
     * @throws FileSystemException at once: the disk does not mend itself
     * @throws IOException         the last try's, when patience is at its end
     */
    public <T> T run(String what, Consumer<String> notes, Attempt<T> attempt) throws IOException, InterruptedException {
        int failures = 0;
        while (true) {
            try {
                return attempt.run();
            } catch (Unreachable | FileSystemException e) {
                throw e;
            } catch (IOException e) {
                failures = attempt.progressed() ? 1 : failures + 1;
                Duration wait = wait(failures, e);
                if (failures >= attempts || wait.compareTo(patience) > 0) throw e;
                notes.accept(what + ": " + e.getMessage() + "; trying again in " + seconds(wait) + " s");
                Thread.sleep(wait);
            }
        }
    }

    private Duration wait(int failures, IOException cause) {
        if (cause instanceof Transient failure && failure.retryAfter.isPresent()) return failure.retryAfter.get();
        long ceiling = Math.min(first.toMillis() << Math.min(failures - 1, 20), longest.toMillis());
        return Duration.ofMillis(ceiling - ThreadLocalRandom.current().nextLong(ceiling / 2 + 1));
    }

    private static String seconds(Duration wait) {
        return String.valueOf(Math.round(wait.toMillis() / 100.0) / 10.0);
    }
}
