package dev.sinq4j.results;

import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;

/**
 * Keeps two runs out of one results folder. The lock is the operating system's, on {@code results.lock}: it ends with its
 * process however that ends, so a killed run leaves nothing to clean up but a file that the next run takes over. The file
 * names the owner's process id; it is gone after a clean end.
 */
final class FolderLock implements AutoCloseable {

    static final String NAME = "results.lock";

    private static final String PID = ProcessHandle.current().pid() + "\n";

    private static final Object ABSENT = "absent";

    /** The locked byte lies far behind the process id, which others may read where locks are mandatory. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    /** Folders locked by this process: opening the file again would drop the operating system's lock when closed. */
    private static final Set<Path> HELD = new HashSet<>();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /** Locks an existing folder or says whose it is. */
    static FolderLock of(Path folder) throws IOException {
        Path real = folder.toRealPath();
        synchronized (HELD) {
            if (HELD.contains(real))
                throw taken(folder, Long.toString(ProcessHandle.current().pid()));
            FolderLock lock = lock(folder, real);
            HELD.add(real);
            return lock;
        }
    }

    private static FolderLock lock(Path folder, Path real) throws IOException {
        Path file = real.resolve(NAME);
        while (true) {
            Object before = identity(file);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
                if (lock == null) throw taken(folder, owner(channel));
                // an owner that ended meanwhile has removed the file: the lock would be on one that nobody else finds
                if (!before.equals(ABSENT) && before.equals(identity(file))) {
                    channel.truncate(0);
                    channel.write(ByteBuffer.wrap(PID.getBytes(StandardCharsets.US_ASCII)), 0);
                    return new FolderLock(real, channel);
                }
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
            channel.close();
        }
    }

    /** Tells files of one name apart without opening them, which would drop this process's lock. */
    private static Object identity(Path file) throws IOException {
        try {
            Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            return key == null ? file : key; // where files have no keys, an open one cannot be removed
        } catch (NoSuchFileException e) {
            return ABSENT;
        }
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(32);
        channel.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
    }

    private static UnavailableFailure taken(Path folder, String pid) {
        String owner = pid.isEmpty() ? "another process" : "process " + pid; // empty while it writes its number
        return new UnavailableFailure(folder + ": " + owner
                + " is writing results here; wait for it, end it, or choose another folder with --out");
    }

    @Override
    public void close() throws IOException {
        synchronized (HELD) {
            if (!HELD.remove(folder)) return;
            try (channel) {
                Files.deleteIfExists(folder.resolve(NAME)); // still locked: who opens the old file now looks again
            }
        }
    }
}
