package dev.sinq4j.checkpoint;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Does tasks in the order they come, on a thread of its own and at most one behind its caller: while a layer is encoded and
 * written, the next one is quantized, and memory holds no more than those two. One caller.
 */
final class WriteBehind implements AutoCloseable {

    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("sinq4j-writer").factory());
    private @Nullable Future<?> running;

    /**
     * Waits for the task before, then starts this one and returns.
     *
     * @throws RuntimeException whatever the task before threw
     */
    void start(Runnable task) {
        await();
        running = thread.submit(task);
    }

    /** Waits for the last task, see {@link #start}. */
    void await() {
        Future<?> last = running;
        running = null;
        if (last == null) return;
        try {
            last.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new IllegalStateException(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a layer was written", e);
        }
    }

    /** Waits for a task that is running; what it throws is nobody's business any more. */
    @Override
    public void close() {
        thread.close();
    }
}
