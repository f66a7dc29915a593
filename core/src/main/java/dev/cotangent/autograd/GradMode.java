package dev.cotangent.autograd;

import dev.cotangent.CotangentException;
import org.jspecify.annotations.Nullable;

/** Gradient mode of a thread: whether operations are recorded, and whether results are inference tensors. */
public final class GradMode {
    private static final ThreadLocal<GradMode> CURRENT = ThreadLocal.withInitial(GradMode::new);

    private boolean enabled = true;
    private boolean inference;
    private @Nullable Guard innermost;

    private GradMode() {}

    /** Returns whether operations are recorded. */
    public static boolean isEnabled() {
        return CURRENT.get().enabled;
    }

    /** Returns whether new tensors are inference tensors. */
    public static boolean isInference() {
        return CURRENT.get().inference;
    }

    /** Sets both until the guard is closed. */
    public static Guard set(boolean enabled, boolean inference) {
        GradMode mode = CURRENT.get();
        Guard guard = new Guard(mode);
        mode.innermost = guard;
        mode.enabled = enabled;
        mode.inference = inference;
        return guard;
    }

    /** Sets whether operations are recorded until the guard is closed. */
    public static Guard set(boolean enabled) {
        return set(enabled, isInference());
    }

    /** Restores the previous mode; close in the opening thread, innermost first. */
    public static final class Guard implements AutoCloseable {
        private final GradMode mode;
        private final @Nullable Guard outer;
        private final boolean enabled;
        private final boolean inference;
        private boolean closed;

        private Guard(GradMode mode) {
            this.mode = mode;
            this.outer = mode.innermost;
            this.enabled = mode.enabled;
            this.inference = mode.inference;
        }

        /**
         * Restores the mode.
         *
         * @throws CotangentException if a guard opened later is still open, whose mode then stays active until both are
         *     closed; or in a thread other than the opening one
         */
        @Override
        public void close() {
            if (closed) return;
            if (CURRENT.get() != mode) {
                throw new CotangentException("a gradient-mode guard is closed by the thread that opened it");
            }
            closed = true;
            if (mode.innermost != this) {
                throw new CotangentException(
                        "a gradient-mode guard is closed after all that were opened later: close the innermost first");
            }
            pop();
        }

        /** Restores the mode, and closes guards that user code opened later and left open. */
        public void restore() {
            for (Guard g = mode.innermost; g != null && g != outer; g = g.outer) g.closed = true;
            pop();
        }

        private void pop() {
            Guard g = this;
            // A guard closed too early ends together with the one inside it.
            while (g.outer != null && g.outer.closed) g = g.outer;
            mode.innermost = g.outer;
            mode.enabled = g.enabled;
            mode.inference = g.inference;
        }
    }
}
