package dev.sinq4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class WriteBehindTest {

    @Test
    void tasksAreDoneInOrderOnAThreadOfTheirOwn() {
        List<String> done = new CopyOnWriteArrayList<>();
        try (WriteBehind behind = new WriteBehind()) {
            for (int i = 0; i < 20; i++) {
                int number = i;
                behind.start(
                        () -> done.add(number + " " + Thread.currentThread().getName()));
            }
            behind.await();
        }
        assertEquals(20, done.size());
        for (int i = 0; i < 20; i++) assertEquals(i + " sinq4j-writer", done.get(i));
    }

    @Test
    void theCallerGoesOnWhileATaskRuns() {
        CountDownLatch goesOn = new CountDownLatch(1);
        List<String> order = new CopyOnWriteArrayList<>();
        try (WriteBehind behind = new WriteBehind()) {
            behind.start(() -> {
                awaitUninterruptibly(goesOn);
                order.add("task");
            });
            order.add("caller");
            goesOn.countDown();
            behind.await();
        }
        assertEquals(List.of("caller", "task"), order);
    }

    @Test
    void whatATaskThrowsReachesTheCallerOnceAtItsNextCall() {
        try (WriteBehind behind = new WriteBehind()) {
            behind.start(() -> {
                throw new IllegalStateException("the disk is full");
            });
            IllegalStateException seen = assertThrows(IllegalStateException.class, () -> behind.start(() -> {}));
            assertEquals("the disk is full", seen.getMessage());
            behind.await();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
