package dev.sinq4j.progress;

import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicBoolean;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** For terminals: a bar that is drawn over itself and vanishes when its work is done. */
public final class BarProgress implements Progress {

    private static final int WIDTH = 79;
    private static final int UPDATE_MILLIS = 200;

    private final PrintStream out;

    /** @param out the terminal */
    public BarProgress(PrintStream out) {
        this.out = out;
    }

    @Override
    public Task begin(String what, long total) {
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(what)
                .setInitialMax(total)
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .setStyle(ProgressBarStyle.ASCII)
                .setMaxRenderedLength(WIDTH)
                .clearDisplayOnFinish()
                // a width of its own: asking the terminal for one would take the terminal over
                .setConsumer(new ConsoleProgressBarConsumer(out, WIDTH))
                .build();
        AtomicBoolean closed = new AtomicBoolean();
        return new Task() {
            @Override
            public void advance(long steps) {
                bar.stepBy(steps);
            }

            @Override
            public void close() {
                if (closed.compareAndSet(false, true)) bar.close();
            }
        };
    }
}
