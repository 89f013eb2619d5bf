package dev.sinq4j.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Anonymous memory of this process over time: what is resident without the pages of mapped files, which the page cache can take
 * back. Looks every few milliseconds on a thread of its own until it is closed, because Linux keeps no peak of it.
 */
public final class MemoryTrace implements AutoCloseable {

    private static final long MILLIS = 20;

    private final List<Sample> samples = new ArrayList<>();
    private final long start = System.nanoTime();
    private final Thread thread;

    /** Bytes at a moment, in seconds since the beginning. */
    public record Sample(double seconds, long bytes) {}

    private MemoryTrace() {
        thread = Thread.ofPlatform().daemon().name("memory-trace").unstarted(this::look);
    }

    /** Begins to look. */
    public static MemoryTrace begin() {
        MemoryTrace trace = new MemoryTrace();
        trace.thread.start();
        return trace;
    }

    private void look() {
        while (!Thread.currentThread().isInterrupted()) {
            add();
            try {
                Thread.sleep(MILLIS);
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void add() {
        OptionalLong bytes = HostMemory.anonymousBytes();
        if (bytes.isEmpty()) return;
        synchronized (samples) {
            samples.add(new Sample((System.nanoTime() - start) / 1e9, bytes.getAsLong()));
        }
    }

    /** What was seen so far, in order; empty where the system does not tell. */
    public List<Sample> samples() {
        synchronized (samples) {
            return List.copyOf(samples);
        }
    }

    /** The most that was seen so far. */
    public OptionalLong peakBytes() {
        return samples().stream().mapToLong(Sample::bytes).max();
    }

    @Override
    public void close() {
        thread.interrupt();
        add();
    }
}
