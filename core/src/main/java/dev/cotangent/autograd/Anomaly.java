package dev.cotangent.autograd;

import dev.cotangent.CotangentException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Anomaly mode: nodes record their forward traces, and a NaN in a gradient throws. */
public final class Anomaly {
    private static final ThreadLocal<@Nullable Guard> INNERMOST = new ThreadLocal<>();
    /** Number of open guards in all threads; if zero, the thread-local is not read. */
    private static final AtomicInteger OPEN = new AtomicInteger();

    private static volatile boolean everywhere;
    private static volatile boolean nanEverywhere;

    private Anomaly() {}

    /** Returns whether the mode is on in the calling thread. */
    public static boolean isEnabled() {
        return everywhere || OPEN.get() > 0 && INNERMOST.get() != null;
    }

    /** Returns whether a NaN in a gradient throws in the calling thread. */
    public static boolean checksNan() {
        if (everywhere && nanEverywhere) return true;
        Guard guard = OPEN.get() == 0 ? null : INNERMOST.get();
        return guard != null && guard.checkNan;
    }

    /** Sets the mode for the whole process. */
    public static void set(boolean enabled, boolean checkNan) {
        nanEverywhere = checkNan;
        everywhere = enabled;
    }

    /** Enables the mode in the calling thread until the guard is closed. */
    public static Guard open(boolean checkNan) {
        return new Guard(checkNan);
    }

    /** Returns the innermost guard of the calling thread, or null. */
    public static @Nullable Guard current() {
        return OPEN.get() == 0 ? null : INNERMOST.get();
    }

    /** Ends the mode; close in the opening thread, innermost first. */
    public static final class Guard implements AutoCloseable {
        private final boolean checkNan;
        private final @Nullable Guard outer;
        private boolean closed;

        private Guard(boolean checkNan) {
            this.checkNan = checkNan;
            this.outer = INNERMOST.get();
            INNERMOST.set(this);
            OPEN.incrementAndGet();
        }

        /** Returns whether a NaN in a gradient throws in this scope. */
        public boolean checksNan() {
            return checkNan;
        }

        /**
         * Ends the mode.
         *
         * @throws CotangentException if a scope opened later is still open, or in another thread
         */
        @Override
        public void close() {
            if (closed) return;
            if (INNERMOST.get() != this) {
                throw new CotangentException("a scope of anomaly mode is closed by the thread that opened it, after"
                        + " all that were opened later: close the innermost first");
            }
            closed = true;
            if (outer == null) INNERMOST.remove();
            else INNERMOST.set(outer);
            OPEN.decrementAndGet();
        }
    }
}
