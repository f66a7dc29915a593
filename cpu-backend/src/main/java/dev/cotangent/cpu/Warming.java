package dev.cotangent.cpu;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Loops in a plain form and in vectors, which give the same bits. Vectors take a hundred times as long as plain loops
 * until they are compiled; so once there has been enough work that they will pay, a thread of its own runs them until
 * they are the faster ones, and plain loops do what there is to do meanwhile.
 */
final class Warming<T> {
    /** So many multiplications take less than the compiler does. */
    private static final long COLD = 4_000_000;

    /** Nanoseconds after which vectors that are still not faster never will be. */
    private static final long LONG = 30_000_000_000L;

    private final T plain;
    private final Supplier<T> vectors;
    private final Consumer<T> exercise;
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile @Nullable T ready;
    private long seen;

    /**
     * Of a pair of forms.
     *
     * @param vectors makes the form that is to be warmed
     * @param exercise does some work with all loops of a form
     */
    Warming(T plain, Supplier<T> vectors, Consumer<T> exercise) {
        this.plain = plain;
        this.vectors = vectors;
        this.exercise = exercise;
    }

    /** The form for so much more work. */
    T choose(long multiplications) {
        T form = ready;
        if (form != null) return form;
        if ((seen += multiplications) >= COLD && begun.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon().name("cotangent-warming").start(this::warm);
        }
        return plain;
    }

    private void warm() {
        T form = vectors.get();
        long start = System.nanoTime();
        for (long now = start; now - start < LONG; ) {
            exercise.accept(form);
            long between = System.nanoTime();
            exercise.accept(plain);
            long took = between - now;
            now = System.nanoTime();
            if (took < now - between) {
                ready = form;
                return;
            }
        }
    }
}
