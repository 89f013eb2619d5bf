package dev.sinq4j.quant;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PassingArraysTest {

    private final AtomicLong old = new AtomicLong(500L << 20);
    private final AtomicInteger collections = new AtomicInteger();
    private final PassingArrays passing = new PassingArrays(old::get, collections::incrementAndGet);

    @Test
    void smallLayersAreCollectedTogether() {
        for (int layer = 0; layer < 96; layer++) passing.left(1 << 20);
        assertEquals(0, collections.get());
        passing.left(1 << 20);
        assertEquals(1, collections.get());
        passing.left(1 << 20);
        assertEquals(1, collections.get());
    }

    @Test
    void whatAMethodUsedOnTheWayCountsWhereItOutlivedItsLayer() {
        old.addAndGet(96L << 20);
        passing.left(1);
        assertEquals(0, collections.get());
        old.addAndGet(1);
        passing.left(1);
        assertEquals(1, collections.get());
        // what is still there after a collection is in use
        passing.left(1);
        assertEquals(1, collections.get());
    }
}
