package dev.cotangent.cpu;

import dev.cotangent.internal.Logs;
import java.util.Arrays;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Loops in a scalar form and in vectors, which give the same bits. Vectors take a hundred times as long as scalar loops
 * until the JIT compiler has come to them; so once there has been enough work that they will pay, a background thread runs
 * them until they are the faster ones, and scalar loops do what there is to do meanwhile. It never gives up: what a
 * compiler needs depends on the loops, the processor and who else wants it. What a compiler has made without knowing the
 * classes of the vectors, objects for instance, it leaves so; a form that stays slow or makes objects is therefore made again,
 * as classes of its own with profiles of their own.
 */
final class JitWarmup<T> {
    private static final Logger LOG = Logs.of(JitWarmup.class);

    /** Rounds that are looked back on. The fastest of them counts, as others may have had to wait for a processor. */
    private static final int WINDOW = 8;

    /** The rounds of a window in which vectors must be faster than scalar loops are in any. */
    private static final int WINS = 3;

    /** Nanoseconds of work after which it is the next pair's turn. */
    private static final long SLICE = 1_000_000_000L;

    /** Nanoseconds of work after which vectors should have been faster. */
    private static final long LONG = 60_000_000_000L;

    /** Bytes that a round with vectors allocates at most beyond one with scalar loops: a vector in each call is more. */
    private static final long BOXED = 16 << 10;

    /** Nanoseconds of work after which vectors are made again; each time it is twice as long. */
    private static final long AGAIN = 4_000_000_000L;

    /** So often vectors are made again that are faster, but objects. */
    private static final int REMAKES = 3;

    /** Pauses between rounds, for the compiler, and for the program if there is only one processor. */
    private static final long LONGEST_PAUSE = 50_000_000L;

    /** Nanoseconds between rounds of a pair that has taken too long. */
    private static final long RARELY = 5_000_000_000L;

    private static final ScheduledThreadPoolExecutor BACKGROUND = new ScheduledThreadPoolExecutor(1, work -> {
        Thread thread = new Thread(work, "cotangent-warming");
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
        return thread;
    });

    static {
        BACKGROUND.setKeepAliveTime(1, TimeUnit.SECONDS);
        BACKGROUND.allowCoreThreadTimeOut(true);
    }

    private final T plain;
    private final Supplier<T> vectors;
    private final Consumer<T> exercise;
    private final long cold;
    private final boolean inBackground;
    private volatile @Nullable T ready;
    private volatile boolean begun;
    private long seen;

    /**
     * Creates the warm-up of a pair of forms.
     *
     * @param vectors creates the form to warm up
     * @param exercise runs all loops of a form
     * @param cold the threshold: work that takes less time than the compiler
     * @param inBackground false for vectors that are ready when created: their first use waits for the compiler
     */
    JitWarmup(T plain, Supplier<T> vectors, Consumer<T> exercise, long cold, boolean inBackground) {
        this.plain = plain;
        this.vectors = vectors;
        this.exercise = exercise;
        this.cold = cold;
        this.inBackground = inBackground;
    }

    /** Returns the form for more work. */
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
        if (inBackground)
            BACKGROUND.execute(() -> slice(new WarmUp(System::nanoTime, Allocation::ofThread, LOG::warn)));
        else ready = vectors.get();
        begun = true;
    }

    /** Runs rounds for a while, and lets other pairs go on before it comes back. */
    private void slice(WarmUp warmUp) {
        long until = warmUp.work + SLICE;
        do {
            long took = warmUp.round();
            if (warmUp.isReady()) {
                ready = warmUp.form;
                return;
            }
            if (warmUp.work < LONG) LockSupport.parkNanos(Math.min(took, LONGEST_PAUSE));
        } while (warmUp.work < Math.min(until, LONG));
        BACKGROUND.schedule(() -> slice(warmUp), warmUp.work < LONG ? 0 : RARELY, TimeUnit.NANOSECONDS);
    }

    /** The vector form of a pair on its way. */
    final class WarmUp {
        private final LongSupplier clock;
        private final LongSupplier allocated;
        private final Consumer<String> log;
        private final long[] vectorTimes = new long[WINDOW];
        private final long[] plainTimes = new long[WINDOW];
        private T form;
        private int rounds;
        private int remakes;
        private boolean isBoxed;
        private long work;
        private long madeAt;
        private boolean hasLogged;

        /**
         * @param clock counts nanoseconds
         * @param allocated counts bytes of objects that this thread has made
         */
        WarmUp(LongSupplier clock, LongSupplier allocated, Consumer<String> log) {
            this.clock = clock;
            this.allocated = allocated;
            this.log = log;
            form = vectors.get();
            forget();
        }

        private void forget() {
            Arrays.fill(vectorTimes, Long.MAX_VALUE);
            Arrays.fill(plainTimes, Long.MAX_VALUE);
        }

        /** Runs both forms once, and returns the nanoseconds that vectors took. */
        long round() {
            long bytes = allocated.getAsLong();
            long start = clock.getAsLong();
            exercise.accept(form);
            long between = clock.getAsLong();
            long vectorBytes = allocated.getAsLong() - bytes;
            exercise.accept(plain);
            long end = clock.getAsLong();
            isBoxed = vectorBytes - (allocated.getAsLong() - bytes - vectorBytes) > BOXED;
            int at = rounds++ % WINDOW;
            vectorTimes[at] = between - start;
            plainTimes[at] = end - between;
            work += end - start;
            if (work >= LONG && !hasLogged && !isFaster()) {
                hasLogged = true;
                log.accept("After a minute of warm-up vector loops ("
                        + form.getClass().getSimpleName() + ", "
                        + fastest(vectorTimes) + " ns) are still slower than scalar ones (" + fastest(plainTimes)
                        + " ns), which continue to be used until that changes");
            }
            if (!isReady() && work - madeAt >= AGAIN << Math.min(remakes, REMAKES)) remake();
            return between - start;
        }

        private void remake() {
            form = vectors.get();
            madeAt = work;
            remakes++;
            forget();
        }

        /** Returns whether vectors take over: they are faster, and do not allocate unless they always do. */
        boolean isReady() {
            return isFaster() && (!isBoxed || remakes >= REMAKES);
        }

        private boolean isFaster() {
            long best = fastest(plainTimes);
            return Arrays.stream(vectorTimes).filter(t -> t < best).count() >= WINS;
        }

        private static long fastest(long[] times) {
            return Arrays.stream(times).min().orElseThrow();
        }
    }
}
