package dev.sinq4j.results;

import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The results of one experiment: a folder whose {@code results.jsonl} gains a line for each finished cell. A line is on the
 * disk when {@link #append} returns and is never rewritten. One process writes at a time; {@link #read} needs no lock.
 *
 * <p>A process killed while appending leaves the beginning of a line. {@link #open} moves it to {@code results.jsonl.corrupt}
 * and goes on; its cell counts as not computed.
 */
public final class ResultsStore implements AutoCloseable {

    static final String CORRUPT = ResultsFile.NAME + ".corrupt";

    private final Path folder;
    private final FolderLock lock;
    private final FileChannel channel;
    private final Map<String, CellResult> cells;
    private final List<String> warnings;
    private final Thread atShutdown = new Thread(this::end, "close-results");
    private boolean ended;

    private ResultsStore(
            Path folder, FolderLock lock, FileChannel channel, Map<String, CellResult> cells, List<String> warnings) {
        this.folder = folder;
        this.lock = lock;
        this.channel = channel;
        this.cells = cells;
        this.warnings = warnings;
    }

    /**
     * Opens a folder for a run, making it if need be.
     *
     * @throws UnavailableFailure if another process writes to it, it cannot be written, or a newer version wrote its results
     */
    public static ResultsStore open(Path folder) {
        try {
            Files.createDirectories(folder);
            FolderLock lock = FolderLock.of(folder);
            try {
                return open(folder, lock);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UnavailableFailure(
                    folder + ": cannot be written (" + reason(e) + "); choose another folder with --out", e);
        }
    }

    private static ResultsStore open(Path folder, FolderLock lock) throws IOException {
        ResultsFile found = ResultsFile.read(folder);
        List<String> warnings = new ArrayList<>(found.warnings());
        FileChannel channel =
                FileChannel.open(folder.resolve(ResultsFile.NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (found.torn().length > 0) warnings.add(setAside(folder, channel, found));
            channel.position(found.wholeSize());
            if (found.unended()) writeAll(channel, new byte[] {'\n'});
            ResultsStore store = new ResultsStore(folder, lock, channel, found.cells(), warnings);
            Runtime.getRuntime().addShutdownHook(store.atShutdown);
            return store;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Moves the torn end to the corrupt file, first there, then away from here, so that a crash loses nothing. */
    private static String setAside(Path folder, FileChannel channel, ResultsFile found) throws IOException {
        Path corrupt = folder.resolve(CORRUPT);
        try (FileChannel aside = FileChannel.open(corrupt, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            writeAll(aside, found.torn());
            writeAll(aside, new byte[] {'\n'});
            aside.force(true);
        }
        channel.truncate(found.wholeSize());
        channel.force(true);
        return folder.resolve(ResultsFile.NAME) + ": the last line was cut off (" + found.torn().length
                + " bytes); it was moved to " + corrupt + " and its cell will be computed again";
    }

    /** Whether a folder holds results. */
    public static boolean isPresent(Path folder) {
        return Files.isRegularFile(folder.resolve(ResultsFile.NAME));
    }

    /**
     * Reads a folder without locking or changing it.
     *
     * @throws UnavailableFailure if it holds no results file, or one that cannot be read
     */
    public static StoredResults read(Path folder) {
        if (!isPresent(folder)) {
            throw new UnavailableFailure(folder + ": there is no " + ResultsFile.NAME
                    + " here; name the folder a run wrote to, such as results/quickstart");
        }
        ResultsFile found = ResultsFile.read(folder);
        List<String> warnings = new ArrayList<>(found.warnings());
        List<CellResult> cells = found.cells().values().stream()
                .map(cell -> QuestionFiles.attach(folder, cell, warnings))
                .toList();
        if (found.torn().length > 0) {
            warnings.add(folder.resolve(ResultsFile.NAME) + ": the last line is cut off (" + found.torn().length
                    + " bytes) and was left out: a run was interrupted, or is writing now");
        }
        return new StoredResults(cells, warnings);
    }

    /** The folder. */
    public Path folder() {
        return folder;
    }

    /** What was wrong with the file when it was opened. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Each cell once, in order of first appearance. */
    public synchronized List<CellResult> cells() {
        return List.copyOf(cells.values());
    }

    /** A cell's result, ok or failed, with its answers to single questions where their files are there. */
    public synchronized Optional<CellResult> find(String cell) {
        return Optional.ofNullable(cells.get(cell))
                .map(found -> QuestionFiles.attach(folder, found, new ArrayList<>()));
    }

    /** The answers of a finished cell, by task; none where it has none, or their files are gone. */
    public Map<String, List<Metrics.Question>> answers(String cell) {
        return find(cell).map(QuestionFiles::answers).orElse(Map.of());
    }

    /** The cells that need not be computed. */
    public synchronized Set<String> finished() {
        return cells.keySet().stream().filter(this::isFinished).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether a cell need not be computed: it has a result that is ok. */
    public synchronized boolean isFinished(String cell) {
        CellResult result = cells.get(cell);
        return result != null && result.status() == CellResult.Status.OK;
    }

    /**
     * Adds a line and waits until it is on the disk. Answers to single questions go to a file of their own.
     *
     * @throws UnavailableFailure if it cannot be written; the file then ends where it ended before
     */
    public synchronized void append(CellResult result) {
        if (ended)
            throw new UnavailableFailure(
                    folder.resolve(ResultsFile.NAME) + ": the run is being stopped; this cell was not stored");
        CellResult line;
        try {
            line = QuestionFiles.moveOut(folder, result);
            appendLine((ResultLine.format(line) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UnavailableFailure(
                    folder.resolve(ResultsFile.NAME) + ": cannot be written (" + reason(e)
                            + "); free some space and run again, finished cells are kept",
                    e);
        }
        cells.merge(result.cell(), line, ResultsFile::better);
    }

    private void appendLine(byte[] line) throws IOException {
        long start = channel.position();
        try {
            writeAll(channel, line);
            channel.force(true);
        } catch (IOException e) {
            channel.truncate(start);
            throw e;
        }
    }

    private static void writeAll(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) channel.write(buffer);
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "") + ": " + e.getMessage();
    }

    /** Ends writing and lets the next run in. A process that is told to stop does the same, behind the line it is writing. */
    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(atShutdown);
        } catch (IllegalStateException shuttingDown) {
            return; // the hook found nothing left to do
        }
    }

    private synchronized void end() {
        if (ended) return;
        ended = true;
        try (lock;
                channel) {
            channel.force(true);
        } catch (IOException e) {
            throw new UnavailableFailure(
                    folder.resolve(ResultsFile.NAME) + ": cannot be closed (" + reason(e) + ")", e);
        }
    }
}
