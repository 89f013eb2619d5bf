package dev.sinq4j.hub.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheLockTest {

    @TempDir
    private Path folder;

    private final List<String> notes = new CopyOnWriteArrayList<>();

    @Test
    void keepsASecondFetchOfThisProcessOut() throws Exception {
        Path file = folder.resolve("locks/a.lock");
        CompletableFuture<CacheLock> second;
        try (CacheLock _ = CacheLock.acquire(file, notes::add)) {
            second = CompletableFuture.supplyAsync(() -> acquire(file));
            TimeUnit.MILLISECONDS.sleep(250);
            assertFalse(second.isDone());
        }
        second.get(5, TimeUnit.SECONDS).close();
        assertEquals(List.of("another process is fetching: waiting for " + file), notes);
    }

    /** Python's filelock, and so huggingface_hub, locks by the same system call as this command. */
    @Test
    void keepsOutAndIsKeptOutByOtherProgramsThatCallFlock() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/flock")), "there is no flock command here");
        Path file = folder.resolve("a.lock");
        try (CacheLock _ = CacheLock.acquire(file, notes::add)) {
            assertEquals(1, flock(file, "-n", "true").waitFor(), "flock -n fails while we hold the lock");
        }
        assertEquals(0, flock(file, "-n", "true").waitFor());

        Path held = folder.resolve("held");
        Path done = folder.resolve("done");
        flock(file, "-x", "touch " + held + " && sleep 1 && touch " + done);
        while (!Files.exists(held)) TimeUnit.MILLISECONDS.sleep(10);
        try (CacheLock _ = CacheLock.acquire(file, notes::add)) {
            assertTrue(Files.exists(done), "we waited for the other");
        }
        assertTrue(notes.getLast().startsWith("another process is fetching"), notes.toString());
    }

    private static Process flock(Path file, String option, String command) throws IOException {
        return new ProcessBuilder("/usr/bin/flock", option, file.toString(), "-c", command).start();
    }

    private CacheLock acquire(Path file) {
        try {
            return CacheLock.acquire(file, notes::add);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
