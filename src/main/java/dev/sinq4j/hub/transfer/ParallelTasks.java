package dev.sinq4j.hub.transfer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Waits for several transfers at a time; the first that fails ends the others. */
public final class ParallelTasks {

    private static final int AT_A_TIME = 4;

    private ParallelTasks() {}

    /** One transfer. */
    @FunctionalInterface
    public interface Task<A, R> {
        R run(A argument) throws IOException, InterruptedException;
    }

    /** The results in the order of the arguments. */
    public static <A, R> List<R> map(List<A> arguments, Task<A, R> task) throws IOException, InterruptedException {
        try (ExecutorService threads =
                Executors.newFixedThreadPool(AT_A_TIME, Thread.ofVirtual().factory())) {
            try {
                ExecutorCompletionService<R> inOrderOfEnd = new ExecutorCompletionService<>(threads);
                List<Future<R>> futures = new ArrayList<>();
                for (A argument : arguments) futures.add(inOrderOfEnd.submit(() -> task.run(argument)));
                for (int i = 0; i < futures.size(); i++) inOrderOfEnd.take().get();
                List<R> results = new ArrayList<>();
                for (Future<R> future : futures) results.add(future.resultNow());
                return results;
            } catch (ExecutionException e) {
                throw unwrapped(e.getCause());
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private static IOException unwrapped(Throwable cause) throws InterruptedException {
        return switch (cause) {
            case IOException e -> e;
            case InterruptedException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(cause);
        };
    }
}
