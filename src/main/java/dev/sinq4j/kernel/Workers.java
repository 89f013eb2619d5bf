package dev.sinq4j.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed team of threads, the caller among them, that works through numbered units. The units' boundaries are the
 * caller's and each is done by one thread, so what a unit computes cannot depend on the number of threads; which thread
 * takes which unit does vary. Between calls the team spins briefly, then parks; a call returns when its units are done,
 * whether or not every thread woke in time to help. A call allocates nothing.
 *
 * <p>One caller at a time. The threads are daemons.
 */
public final class Workers implements AutoCloseable {

    /** One unit of work. */
    @FunctionalInterface
    public interface Task {

        /**
         * @param unit   0 .. units - 1
         * @param worker 0 .. threads - 1; two units running at the same time never share it
         */
        void run(int unit, int worker);
    }

    /** Polls before a thread parks: tens of microseconds, longer than the gap between two kernels of a layer. */
    private static final int SPINS = 1000;

    /** Low half of {@link #claim} while no unit is to be had. */
    private static final int NOTHING = Integer.MAX_VALUE;

    private final Thread[] team;
    private final AtomicIntegerArray parked;

    /** Number of the call in the high half, next unclaimed unit in the low half. Never the same value twice. */
    private final AtomicLong claim = new AtomicLong(NOTHING);

    private final AtomicInteger done = new AtomicInteger();
    private volatile int call;
    private volatile boolean closed;
    private volatile @Nullable Thread waiting;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Task task;
    private volatile int units;

    /**
     * @param threads the caller included; 0 for as many as the JVM sees processors (which heeds cgroup limits)
     */
    public Workers(int threads) {
        if (threads < 0) throw new IllegalArgumentException("threads must be 0 or more, was " + threads);
        int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        team = new Thread[count - 1];
        parked = new AtomicIntegerArray(count);
        for (int i = 0; i < team.length; i++) {
            int worker = i + 1;
            team[i] =
                    Thread.ofPlatform().daemon().name("sinq4j-worker-" + worker).start(() -> serve(worker));
        }
    }

    /** Threads that work, the caller included. */
    public int threads() {
        return team.length + 1;
    }

    /**
     * Runs units 0 .. units - 1 and returns when all are done. If some fail, the rest may be left out and one failure is
     * thrown.
     */
    public void run(int units, Task task) {
        if (closed) throw new IllegalStateException("these workers are closed");
        if (team.length == 0 || units <= 1) {
            for (int unit = 0; unit < units; unit++) task.run(unit, 0);
            return;
        }
        open(units, task);
        work(0);
        awaitDone(units);
        this.task = null;
        rethrow(failure);
    }

    @Override
    public void close() {
        closed = true;
        for (Thread thread : team) LockSupport.unpark(thread);
    }

    private void open(int units, Task task) {
        int number = call + 1;
        claim.set(((long) number << 32) | NOTHING); // from here on no thread can claim a unit of the last call
        failure = null;
        done.set(0);
        this.task = task;
        this.units = units;
        claim.set((long) number << 32);
        call = number;
        for (int i = 0; i < team.length; i++) if (parked.get(i + 1) != 0) LockSupport.unpark(team[i]);
    }

    private void serve(int worker) {
        int seen = 0;
        while (!closed) {
            seen = awaitCall(seen, worker);
            work(worker);
        }
    }

    private void work(int worker) {
        while (true) {
            long seen = claim.get();
            Task current = task;
            int count = units;
            int unit = (int) seen;
            if (current == null || unit >= count) return;
            // success means that task and count, read since, belong to the same call
            if (claim.compareAndSet(seen, seen + 1)) work(current, unit, count, worker);
        }
    }

    private void work(Task current, int unit, int count, int worker) {
        try {
            if (failure == null) current.run(unit, worker);
        } catch (Throwable thrown) { // whatever it is, the caller shall see it
            failure = thrown;
        }
        if (done.incrementAndGet() == count) LockSupport.unpark(waiting);
    }

    private int awaitCall(int seen, int worker) {
        for (int spin = 0; spin < SPINS; spin++) {
            if (call != seen) return call;
            Thread.onSpinWait();
        }
        parked.set(worker, 1);
        while (call == seen && !closed) LockSupport.park(this);
        parked.set(worker, 0);
        return call;
    }

    private void awaitDone(int count) {
        for (int spin = 0; spin < SPINS; spin++) {
            if (done.get() == count) return;
            Thread.onSpinWait();
        }
        waiting = Thread.currentThread();
        while (done.get() != count) LockSupport.park(this);
        waiting = null;
    }

    private static void rethrow(@Nullable Throwable failure) {
        switch (failure) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure);
        }
    }
}
