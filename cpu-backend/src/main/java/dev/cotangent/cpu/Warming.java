package dev.cotangent.cpu;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Loops in a plain form and in vectors, which give the same bits. Vectors take a hundred times as long as plain loops
 * until they are compiled; so once there has been enough work that they will pay, a thread of its own runs them until
 * they are the faster ones, and plain loops do what there is to do meanwhile.
 */
final class Warming<T> {
    /** So often in a row they are the faster ones, for a thread that has to wait looks like a slow one. */
    private static final int IN_A_ROW = 3;

    /** Nanoseconds after which vectors that are still not faster never will be. */
    private static final long LONG = 30_000_000_000L;

    /** One pair of forms after the other: what is compiled at the same time is all compiled later. */
    private static final Executor ASIDE = new ThreadPoolExecutor(
            0,
            1,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> Thread.ofPlatform()
                    .daemon()
                    .name("cotangent-warming")
                    .priority(Thread.MIN_PRIORITY)
                    .unstarted(work));

    private final T plain;
    private final Supplier<T> vectors;
    private final Consumer<T> exercise;
    private final long cold;
    private final boolean aside;
    private volatile @Nullable T ready;
    private volatile boolean begun;
    private long seen;

    /**
     * Of a pair of forms.
     *
     * @param vectors makes the form that is to be warmed
     * @param exercise does some work with all loops of a form
     * @param cold so much work takes less than the compiler does
     * @param aside false for vectors that are ready when they are made: who uses them first waits for the compiler
     */
    Warming(T plain, Supplier<T> vectors, Consumer<T> exercise, long cold, boolean aside) {
        this.plain = plain;
        this.vectors = vectors;
        this.exercise = exercise;
        this.cold = cold;
        this.aside = aside;
    }

    /** The form for so much more work. */
    T choose(long work) {
        T form = ready;
        if (form != null) return form;
        // Threads may lose counts of each other's: what matters is that it grows.
        if (begun || (seen += work) < cold) return plain;
        begin();
        form = ready;
        return form != null ? form : plain;
    }

    private synchronized void begin() {
        if (begun) return;
        if (aside) ASIDE.execute(this::warm);
        else ready = vectors.get();
        begun = true;
    }

    private void warm() {
        T form = vectors.get();
        long start = System.nanoTime();
        int inARow = 0;
        for (long now = start; now - start < LONG; ) {
            exercise.accept(form);
            long between = System.nanoTime();
            exercise.accept(plain);
            long took = between - now;
            now = System.nanoTime();
            inARow = took < now - between ? inARow + 1 : 0;
            if (inARow == IN_A_ROW) {
                ready = form;
                return;
            }
            // Time for the compiler, and for the program where there is one processor only.
            LockSupport.parkNanos(took);
            now = System.nanoTime();
        }
    }
}
