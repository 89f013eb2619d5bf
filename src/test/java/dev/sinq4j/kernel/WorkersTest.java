package dev.sinq4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WorkersTest {

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {1, 2, 3, 5})
    void everyUnitOfEveryCallRunsOnce(int threads) {
        try (Workers workers = new Workers(threads)) {
            for (int call = 0; call < 3000; call++) {
                int units = call % 7;
                AtomicIntegerArray runs = new AtomicIntegerArray(7);
                workers.run(units, (unit, worker) -> runs.incrementAndGet(unit));
                for (int unit = 0; unit < 7; unit++) assertEquals(unit < units ? 1 : 0, runs.get(unit));
            }
        }
    }

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {1, 3})
    void aFailureReachesTheCallerAndTheTeamGoesOn(int threads) {
        try (Workers workers = new Workers(threads)) {
            IllegalStateException failure = new IllegalStateException("unit 3");
            for (int call = 0; call < 100; call++) {
                assertSame(
                        failure,
                        assertThrows(
                                IllegalStateException.class,
                                () -> workers.run(9, (unit, worker) -> {
                                    if (unit == 3) throw failure;
                                })));
            }
            AtomicIntegerArray runs = new AtomicIntegerArray(9);
            workers.run(9, (unit, worker) -> runs.incrementAndGet(unit));
            assertEquals("[1, 1, 1, 1, 1, 1, 1, 1, 1]", runs.toString());
        }
    }
}
