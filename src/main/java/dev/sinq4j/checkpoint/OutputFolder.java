package dev.sinq4j.checkpoint;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.failure.UsageFailure;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder that appears under its name complete or not at all: it is filled under a temporary name beside the target and
 * renamed by {@link #commit}. What a killed process left beside the same target is removed by the next one.
 */
final class OutputFolder implements AutoCloseable {

    /** A folder may be replaced only if it is a model; a mistyped {@code --out} must not cost a home directory. */
    private static final String MARK_OF_A_MODEL = "config.json";

    private final Path target;
    private final Path temporary;

    private OutputFolder(Path target, Path temporary) {
        this.target = target;
        this.temporary = temporary;
    }

    /**
     * Starts a folder.
     *
     * @param replace whether a model that is there may be replaced
     * @param bytes   the disk has to have free
     * @throws UsageFailure       if the target is there and may not be replaced
     * @throws UnavailableFailure if there is too little space or the place cannot be written to
     */
    static OutputFolder create(Path target, boolean replace, long bytes) {
        Path absolute = target.toAbsolutePath().normalize();
        requireReplaceable(absolute, replace);
        try {
            Path parent = Files.createDirectories(absolute.getParent());
            removeLeftovers(absolute);
            requireSpace(parent, bytes);
            Path temporary = absolute.resolveSibling(prefix(absolute)
                    + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime()) + ".tmp");
            return new OutputFolder(absolute, Files.createDirectory(temporary));
        } catch (IOException e) {
            throw new UnavailableFailure(target + ": cannot be written: " + e, e);
        }
    }

    /** Where to put the files. */
    Path path() {
        return temporary;
    }

    /** Gives the folder its name. A folder that is replaced disappears only after the new one is in its place. */
    void commit() {
        Path replaced = temporary.resolveSibling(temporary.getFileName() + ".replaced");
        try {
            DurableFiles.syncFolder(temporary);
            if (Files.exists(target)) Files.move(target, replaced, StandardCopyOption.ATOMIC_MOVE);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.syncFolder(target.getParent());
            DurableFiles.deleteFolder(replaced);
        } catch (IOException e) {
            throw new UnavailableFailure(target + ": cannot be written: " + e, e);
        }
    }

    /** Without a {@link #commit} before, leaves nothing behind. */
    @Override
    public void close() {
        DurableFiles.deleteFolder(temporary);
    }

    private static void requireReplaceable(Path target, boolean replace) {
        if (!Files.exists(target) || isEmptyFolder(target)) return;
        if (!Files.isRegularFile(target.resolve(MARK_OF_A_MODEL)))
            throw new UsageFailure(target + " is there and is no model (it has no " + MARK_OF_A_MODEL
                    + "), so it is not replaced; choose another --out");
        if (!replace) throw new UsageFailure(target + " is there already; pass --force to replace it");
    }

    private static boolean isEmptyFolder(Path target) {
        if (!Files.isDirectory(target)) return false;
        try (Stream<Path> files = Files.list(target)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw new UnavailableFailure(target + ": cannot be read: " + e, e);
        }
    }

    /** @throws UnavailableFailure if there are fewer bytes free */
    static void requireSpace(Path parent, long bytes) throws IOException {
        long free = Files.getFileStore(parent).getUsableSpace();
        if (free < bytes)
            throw new UnavailableFailure(parent + ": about " + megabytes(bytes) + " MB are needed, " + megabytes(free)
                    + " MB are free; make room or choose another --out");
    }

    private static long megabytes(long bytes) {
        return Math.ceilDiv(bytes, 1_000_000L);
    }

    private static String prefix(Path target) {
        return "." + target.getFileName() + ".";
    }

    private static void removeLeftovers(Path target) throws IOException {
        Pattern name = Pattern.compile(Pattern.quote(prefix(target)) + "(\\d+)-[0-9a-f]+\\.tmp");
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(target.getParent())) {
            for (Path sibling : siblings) {
                Matcher matcher = name.matcher(String.valueOf(sibling.getFileName()));
                if (matcher.matches() && !isAlive(Long.parseLong(matcher.group(1)))) DurableFiles.deleteFolder(sibling);
            }
        }
    }

    private static boolean isAlive(long pid) {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        return process.isPresent() && process.get().isAlive();
    }
}
