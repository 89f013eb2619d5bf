package dev.sinq4j.results;

import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * Keeps two runs out of one results folder. The lock is the operating system's, on {@code results.lock}: it ends with its
 * process however that ends, so a killed run leaves nothing to clean up. The file names the owner's process id.
 */
final class FolderLock implements AutoCloseable {

    static final String NAME = "results.lock";

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
        FileChannel channel = FileChannel.open(
                real.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
            if (lock == null) throw taken(folder, owner(channel));
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
            return new FolderLock(real, channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(32);
        channel.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
    }

    private static UnavailableFailure taken(Path folder, String pid) {
        return new UnavailableFailure(folder + ": process " + pid
                + " is writing results here; wait for it, end it, or choose another folder with --out");
    }

    @Override
    public void close() throws IOException {
        synchronized (HELD) {
            if (!HELD.remove(folder)) return;
            channel.truncate(0);
            channel.close();
        }
    }
}
