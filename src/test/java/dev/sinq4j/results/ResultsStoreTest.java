package dev.sinq4j.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.failure.UnavailableFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsStoreTest {

    @TempDir
    Path folder;

    @Test
    void aSecondRunFindsWhatTheFirstStored() {
        append(Results.ok("a", 5.0), Results.ok("b", 6.0));
        try (ResultsStore store = ResultsStore.open(folder)) {
            assertEquals(List.of(Results.ok("a", 5.0), Results.ok("b", 6.0)), store.cells());
            assertTrue(store.isFinished("a"));
            assertFalse(store.isFinished("c"));
            assertEquals(List.of(), store.warnings());
        }
    }

    @Test
    void linesAreOnTheDiskBeforeTheStoreIsClosed() {
        try (ResultsStore store = ResultsStore.open(folder)) {
            store.append(Results.ok("a", 5.0));
            assertEquals(
                    List.of(Results.ok("a", 5.0)), ResultsStore.read(folder).cells());
        }
    }

    @Test
    void theFirstOkResultOfACellWinsAndOkSupersedesFailed() {
        append(
                Results.failed("a", "first"),
                Results.failed("a", "second"),
                Results.ok("b", 5.0),
                Results.ok("b", 7.0),
                Results.failed("b", "late"),
                Results.failed("c", "first"),
                Results.ok("c", 8.0));
        assertEquals(
                List.of(Results.failed("a", "second"), Results.ok("b", 5.0), Results.ok("c", 8.0)),
                ResultsStore.read(folder).cells());
        try (ResultsStore store = ResultsStore.open(folder)) {
            assertFalse(store.isFinished("a"));
            assertTrue(store.isFinished("c"));
        }
    }

    @Test
    void aTornLastLineIsKeptAsideAndTheRestUsed() throws IOException {
        append(Results.ok("a", 5.0));
        String whole = Files.readString(file());
        String torn = ResultLine.format(Results.ok("b", 6.0)).substring(0, 100);
        Files.writeString(file(), whole + torn);

        try (ResultsStore store = ResultsStore.open(folder)) {
            assertEquals(List.of(Results.ok("a", 5.0)), store.cells());
            assertEquals(
                    List.of(file() + ": the last line was cut off (100 bytes); it was moved to " + file()
                            + ".corrupt and its cell will be computed again"),
                    store.warnings());
            store.append(Results.ok("b", 6.0));
        }
        assertEquals(torn + "\n", Files.readString(folder.resolve("results.jsonl.corrupt")));
        assertEquals(whole + ResultLine.format(Results.ok("b", 6.0)) + "\n", Files.readString(file()));
    }

    @Test
    void everyPlaceToBeCutOffAtLeavesTheCellsBefore() throws IOException {
        append(Results.ok("a", 5.0), Results.ok("b", 6.0));
        byte[] bytes = Files.readAllBytes(file());
        int first = ResultLine.format(Results.ok("a", 5.0)).length() + 1;
        for (int length = first; length < bytes.length; length += 37) {
            Files.write(file(), Arrays.copyOf(bytes, length));
            try (ResultsStore store = ResultsStore.open(folder)) {
                assertEquals(List.of(Results.ok("a", 5.0)), store.cells(), "cut at " + length);
            }
            assertEquals(first, Files.size(file()));
        }
    }

    @Test
    void aLastLineWithoutItsNewlineIsUsedAndEnded() throws IOException {
        append(Results.ok("a", 5.0));
        String whole = Files.readString(file());
        Files.writeString(file(), whole.strip());
        try (ResultsStore store = ResultsStore.open(folder)) {
            assertTrue(store.isFinished("a"));
        }
        assertEquals(whole, Files.readString(file()));
    }

    @Test
    void aDamagedLineInTheMiddleIsNamedAndSkipped() throws IOException {
        append(Results.ok("a", 5.0));
        Files.writeString(file(), "garbage\n" + Files.readString(file()));
        StoredResults read = ResultsStore.read(folder);
        assertEquals(List.of(Results.ok("a", 5.0)), read.cells());
        assertEquals(1, read.warnings().size());
        assertTrue(read.warnings().getFirst().startsWith(file() + ":1: not a whole result, skipped: "));
    }

    @Test
    void readingChangesNothing() throws IOException {
        append(Results.ok("a", 5.0));
        Files.writeString(file(), Files.readString(file()) + "{\"schema");
        String before = Files.readString(file());
        assertEquals(1, ResultsStore.read(folder).warnings().size());
        assertEquals(before, Files.readString(file()));
        assertFalse(Files.exists(folder.resolve("results.jsonl.corrupt")));
    }

    @Test
    void aFolderWithoutResultsIsRefusedByReading() {
        var error = assertThrows(UnavailableFailure.class, () -> ResultsStore.read(folder));
        assertEquals(
                folder + ": there is no results.jsonl here; name the folder a run wrote to, such as results/quickstart",
                error.getMessage());
    }

    @Test
    void aSecondRunInOneProcessIsRefused() {
        try (ResultsStore store = ResultsStore.open(folder)) {
            var error = assertThrows(UnavailableFailure.class, () -> ResultsStore.open(folder));
            assertTrue(error.getMessage()
                    .contains("process " + ProcessHandle.current().pid() + " is writing"));
            store.append(Results.ok("a", 5.0));
        }
        ResultsStore.open(folder).close();
    }

    @Test
    void aCleanEndLeavesNoLockBehind() {
        try (ResultsStore store = ResultsStore.open(folder)) {
            store.append(Results.ok("a", 5.0));
            assertTrue(Files.exists(folder.resolve("results.lock")));
        }
        assertFalse(Files.exists(folder.resolve("results.lock")));
    }

    @Test
    void onlyOneOfManyAtATimeGetsIn() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger entered = new AtomicInteger();
        IntStream.range(0, 200).parallel().forEach(i -> {
            try (ResultsStore store = ResultsStore.open(folder)) {
                assertEquals(1, inside.incrementAndGet());
                store.append(Results.ok("cell" + i, 5.0));
                entered.incrementAndGet();
                inside.decrementAndGet();
            } catch (UnavailableFailure taken) {
                assertTrue(taken.getMessage().contains("is writing results here"), taken.getMessage());
            }
        });
        assertEquals(entered.get(), ResultsStore.read(folder).cells().size());
        assertTrue(entered.get() > 0);
    }

    @Test
    void anotherProcessIsNamedWhileItRunsAndForgottenWhenKilled() throws Exception {
        Process other = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = other.inputReader(StandardCharsets.UTF_8)) {
            assertEquals("held", output.readLine());
            var error = assertThrows(UnavailableFailure.class, () -> ResultsStore.open(folder));
            assertEquals(
                    folder + ": process " + other.pid()
                            + " is writing results here; wait for it, end it, or choose another folder with --out",
                    error.getMessage());
        } finally {
            other.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        try (ResultsStore store = ResultsStore.open(folder)) {
            assertTrue(store.isFinished("held"));
        }
    }

    /** Holds a store until it is killed. */
    static final class Holder {

        public static void main(String[] args) throws InterruptedException {
            ResultsStore store = ResultsStore.open(Path.of(args[0]));
            store.append(Results.ok("held", 5.0));
            System.out.println("held");
            Thread.sleep(60_000);
            store.close();
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws IOException {
        Path blocked = Files.writeString(folder.resolve("plain-file"), "");
        var error = assertThrows(UnavailableFailure.class, () -> ResultsStore.open(blocked.resolve("results")));
        assertTrue(
                error.getMessage().startsWith(blocked.resolve("results") + ": cannot be written ("),
                error.getMessage());
    }

    @Test
    void aReadOnlyFolderIsNamed() {
        Assumptions.assumeFalse("root".equals(System.getProperty("user.name")), "root may write anywhere");
        assertTrue(folder.toFile().setWritable(false));
        var error = assertThrows(UnavailableFailure.class, () -> ResultsStore.open(folder));
        assertTrue(folder.toFile().setWritable(true));
        assertTrue(error.getMessage().contains("AccessDenied"), error.getMessage());
    }

    /** Permissions do not stop root, but nobody makes a file in the system's own folders. */
    @Test
    void aFolderThatNobodyMayWriteIsNamed() {
        Path nobodys = Path.of("/proc/self");
        Assumptions.assumeTrue(Files.isDirectory(nobodys), "this system has no /proc");
        var error = assertThrows(UnavailableFailure.class, () -> ResultsStore.open(nobodys));
        assertTrue(error.getMessage().startsWith("/proc/self: cannot be written ("), error.getMessage());
        assertTrue(error.getMessage().endsWith("; choose another folder with --out"), error.getMessage());
    }

    @Test
    void threadsAppendWholeLines() {
        try (ResultsStore store = ResultsStore.open(folder)) {
            IntStream.range(0, 50).parallel().forEach(i -> store.append(Results.ok("cell" + i, i + 1)));
        }
        StoredResults read = ResultsStore.read(folder);
        assertEquals(50, read.cells().size());
        assertEquals(List.of(), read.warnings());
    }

    private void append(CellResult... results) {
        try (ResultsStore store = ResultsStore.open(folder)) {
            for (CellResult result : results) store.append(result);
        }
    }

    private Path file() {
        return folder.resolve("results.jsonl");
    }
}
