package dev.sinq4j.progress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineProgressTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final AtomicLong now = new AtomicLong();
    private final Progress progress = new LineProgress(new PrintStream(bytes, true, UTF_8), now::get);

    @Test
    void speaksEveryTenSecondsWithTheTimeLeft() {
        try (Progress.Task task = progress.begin("quantize", 60)) {
            for (int step = 0; step < 60; step++) {
                now.addAndGet(Duration.ofSeconds(1).toNanos());
                task.advance(1);
                if (step == 24) break;
            }
        }
        assertEquals("""
            quantize: 10 of 60 (16 %), 0:10 passed, about 0:50 left
            quantize: 20 of 60 (33 %), 0:20 passed, about 0:40 left
            quantize: 25 of 60 (41 %), 0:25 passed, about 0:35 left
            """, bytes.toString(UTF_8));
    }

    @Test
    void shortWorkLeavesNoLine() {
        try (Progress.Task task = progress.begin("quantize", 3)) {
            now.addAndGet(Duration.ofSeconds(9).toNanos());
            task.advance(3);
        }
        assertEquals("", bytes.toString(UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"0, 0:00", "61, 1:01", "3599, 59:59", "3600, 1:00:00", "360000, 100:00:00"})
    void clocksCountHoursWhereThereAreAny(long seconds, String expected) {
        assertEquals(expected, TimeLeft.clock(Duration.ofSeconds(seconds)));
    }

    @Test
    void finishedAndUncountableWorkHasNoTimeLeft() {
        assertEquals("5 of 5 (100 %), 0:07 passed", new TimeLeft(5, 5, Duration.ofSeconds(7)).words());
        assertEquals("5, 0:07 passed", new TimeLeft(5, 0, Duration.ofSeconds(7)).words());
    }
}
