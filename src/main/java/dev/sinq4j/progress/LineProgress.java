package dev.sinq4j.progress;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/** For logs and pipes: a line now and then, with an estimate of the time left; short work leaves no line at all. */
public final class LineProgress implements Progress {

    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final PrintStream out;
    private final LongSupplier nanoTime;

    public LineProgress(PrintStream out) {
        this(out, System::nanoTime);
    }

    LineProgress(PrintStream out, LongSupplier nanoTime) {
        this.out = out;
        this.nanoTime = nanoTime;
    }

    @Override
    public Task begin(String what, long total) {
        return new Line(what, total);
    }

    private final class Line implements Task {

        private final String what;
        private final long total;
        private final long started = nanoTime.getAsLong();
        private long spoken = started;
        private boolean spoke;
        private long done;

        Line(String what, long total) {
            this.what = what;
            this.total = total;
        }

        @Override
        public synchronized void advance(long steps) {
            done += steps;
            if (nanoTime.getAsLong() - spoken >= INTERVAL.toNanos()) speak();
        }

        @Override
        public synchronized void close() {
            if (spoke) speak();
        }

        private void speak() {
            spoken = nanoTime.getAsLong();
            spoke = true;
            out.println(what + ": " + new TimeLeft(done, total, Duration.ofNanos(spoken - started)).words());
        }
    }
}
