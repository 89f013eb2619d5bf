package dev.sinq4j.hub.transfer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second process, ours or {@code huggingface_hub}'s, from writing the same file of the cache.
 *
 * <p>{@code huggingface_hub} locks with {@code flock(2)}, which on Linux and macOS knows nothing of the locks of Java's channels;
 * so this calls {@code flock} too, and uses channel locks only where there is none (Windows, where both see each other).
 */
public final class CacheLock implements AutoCloseable {

    private static final long POLL_MILLIS = 100;
    private static final long NOTE_MILLIS = 10_000;

    private final AutoCloseable held;

    private CacheLock(AutoCloseable held) {
        this.held = held;
    }

    /**
     * Waits until the lock is free.
     *
     * @param notes hears of a long wait
     */
    public static CacheLock acquire(Path file, Consumer<String> notes) throws IOException, InterruptedException {
        Files.createDirectories(file.getParent());
        for (long waited = 0; ; waited += POLL_MILLIS) {
            Optional<AutoCloseable> held = tryLock(file);
            if (held.isPresent()) return new CacheLock(held.get());
            if (waited % NOTE_MILLIS == 0) notes.accept("another process is fetching: waiting for " + file);
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static Optional<AutoCloseable> tryLock(Path file) throws IOException {
        Object before = identity(file);
        Optional<AutoCloseable> held = Flock.isAvailable() ? Flock.tryLock(file) : tryChannelLock(file);
        // whoever held the lock before may have deleted the file: then this lock would keep nobody out
        if (held.isEmpty() || Objects.equals(before, identity(file))) return held;
        close(held.get());
        return Optional.empty();
    }

    private static @Nullable Object identity(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
        }
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException deleted) {
            return null;
        }
    }

    private static Optional<AutoCloseable> tryChannelLock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) return Optional.of(channel);
        } catch (OverlappingFileLockException heldByThisProcess) {
            // as if held by another
        }
        channel.close();
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        close(held);
    }

    private static void close(AutoCloseable held) throws IOException {
        try {
            held.close();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
