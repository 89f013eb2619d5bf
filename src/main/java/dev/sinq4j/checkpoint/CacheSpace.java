package dev.sinq4j.checkpoint;

import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a folder of cache entries below a size. Other processes may add and remove entries at the same time, so that files
 * may be gone at any moment; the size is then counted anew.
 */
final class CacheSpace {

    static final String SUFFIX = ".safetensors";

    /** Share of the limit that is left after entries had to go, so that not every new entry costs a walk. */
    private static final double KEPT = 0.9;

    /** What is left free on the disk for everything else; the cache only saves time. */
    private static final long LEFT_FREE = 2L << 30;

    private static final long NOT_COUNTED = -1;
    private static final Logger LOG = LoggerFactory.getLogger(CacheSpace.class);

    private final Path folder;
    private final long maxBytes;
    private final FreeSpace disk;
    private long bytes = NOT_COUNTED;

    CacheSpace(Path folder, long maxBytes) {
        this(folder, maxBytes, path -> Files.getFileStore(path).getUsableSpace());
    }

    CacheSpace(Path folder, long maxBytes, FreeSpace disk) {
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.disk = disk;
    }

    /** Bytes that can be written to the disk a folder lies on. */
    @FunctionalInterface
    interface FreeSpace {
        long bytes(Path folder) throws IOException;
    }

    /** @throws UnavailableFailure if the disk would have less than {@value #LEFT_FREE} bytes free after another entry */
    void require(long entryBytes) throws IOException {
        long free = disk.bytes(folder);
        if (free - entryBytes < LEFT_FREE)
            throw new UnavailableFailure(folder + ": the disk has " + (free >> 20) + " MiB free and "
                    + (LEFT_FREE >> 20) + " MiB have to stay so; make room, or point SINQ4J_CACHE at another disk");
    }

    /** An entry as it lies in the folder. */
    private record Entry(Path file, long bytes, long lastUsed) {}

    /** Counts a new entry, and removes those longest unused if the folder has become too large. */
    synchronized void added(Path file) throws IOException {
        bytes = bytes == NOT_COUNTED ? total(entries()) : bytes + Files.size(file);
        if (bytes > maxBytes) shrink();
    }

    synchronized void remove(Path file) {
        bytes = NOT_COUNTED;
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} cannot be removed: {}", file, e.getMessage());
        }
    }

    synchronized void clear() {
        for (Entry entry : entries()) remove(entry.file());
    }

    private void shrink() {
        List<Entry> entries = entries();
        entries.sort(Comparator.comparingLong(Entry::lastUsed));
        long left = total(entries);
        for (Entry entry : entries) {
            if (left <= KEPT * maxBytes) break;
            remove(entry.file());
            left -= entry.bytes();
        }
        bytes = left;
    }

    private static long total(List<Entry> entries) {
        return entries.stream().mapToLong(Entry::bytes).sum();
    }

    private List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        if (!Files.isDirectory(folder)) return entries;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    (Iterable<Path>) files.filter(path -> path.toString().endsWith(SUFFIX))::iterator)
                entries.add(new Entry(
                        file, Files.size(file), Files.getLastModifiedTime(file).toMillis()));
        } catch (IOException e) {
            LOG.debug("the layer cache changed while it was counted", e);
        }
        return entries;
    }
}
