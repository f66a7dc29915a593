package dev.cotangent.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything is done once, whoever does it. */
class WorkerPoolTest {
    private static final int N = 1000;
    /** Work that is worth sharing, by what it is said to cost. */
    private static final int COSTLY = 10_000;

    /** One job after the other: threads are found awake, asleep, and on their way to sleep. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void eachPieceOnce(int threads) throws InterruptedException {
        WorkerPool pool = new WorkerPool(threads);
        for (int round = 0; round < 2000; round++) {
            checkOnce(pool, 1 + round % 7);
            if (round % 500 == 0) Thread.sleep(2);
        }
    }

    private static void checkOnce(WorkerPool pool, int unit) {
        AtomicIntegerArray done = new AtomicIntegerArray(N);
        pool.run(N, unit, COSTLY, (from, to) -> {
            assertEquals(0, from % unit);
            for (long i = from; i < to; i++) done.incrementAndGet((int) i);
        });
        for (int i = 0; i < N; i++) assertEquals(1, done.get(i));
    }

    @Test
    void severalCallersAndPiecesThatCall() throws Exception {
        WorkerPool pool = new WorkerPool(3);
        try (ExecutorService callers = Executors.newFixedThreadPool(4)) {
            List<Future<Void>> all = new ArrayList<>();
            for (int c = 0; c < 4; c++) {
                Callable<Void> work = () -> {
                    for (int round = 0; round < 50; round++) {
                        pool.run(8, 1, 1_000_000, (from, to) -> {
                            for (long i = from; i < to; i++) checkOnce(pool, 1);
                        });
                    }
                    return null;
                };
                all.add(callers.submit(work));
            }
            for (Future<Void> one : all) one.get();
        }
    }

    @Test
    void aFailureReachesTheCaller() {
        WorkerPool pool = new WorkerPool(2);
        for (int round = 0; round < 200; round++) {
            IllegalStateException thrown = assertThrows(
                    IllegalStateException.class,
                    () -> pool.run(N, 1, COSTLY, (from, to) -> {
                        if (to == N) throw new IllegalStateException("last");
                    }));
            assertEquals("last", thrown.getMessage());
        }
        checkOnce(pool, 1);
    }

    /** The more often in a row a wait was in vain the longer, but never for seconds because of one slow call. */
    @Test
    void backsOffForABoundedTime() {
        long millisecond = 1_000_000;
        assertEquals(millisecond, WorkerPool.backOff(millisecond, 0));
        assertEquals(8 * millisecond, WorkerPool.backOff(millisecond, 3));
        assertEquals(50 * millisecond, WorkerPool.backOff(millisecond, 100));
        assertEquals(400 * millisecond, WorkerPool.backOff(100 * millisecond, 100));
    }
}
