package dev.sinq4j.progress;

import java.time.Duration;
import java.util.Locale;

/** What can be said of a stretch of work that goes on at an even pace. */
record TimeLeft(long done, long total, Duration elapsed) {

    /** {@code 12 of 64 (18 %), 0:31 passed, about 2:14 left}. */
    String words() {
        String share = total > 0 ? " of " + total + " (" + 100 * done / total + " %)" : "";
        String passed = done + share + ", " + clock(elapsed) + " passed";
        return done > 0 && done < total ? passed + ", about " + clock(left()) + " left" : passed;
    }

    private Duration left() {
        return Duration.ofMillis((long) ((double) elapsed.toMillis() * (total - done) / done));
    }

    /** {@code m:ss}, or {@code h:mm:ss} from an hour on. */
    static String clock(Duration time) {
        return time.toHours() > 0
                ? String.format(Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart())
                : String.format(Locale.ROOT, "%d:%02d", time.toMinutes(), time.toSecondsPart());
    }
}
