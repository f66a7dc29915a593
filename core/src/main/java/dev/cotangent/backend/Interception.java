package dev.cotangent.backend;

import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Puts a backend in front of those that a thread uses, so that it sees every operation of the thread: by tracers and
 * profilers. The front passes calls on to the backend behind it.
 */
public final class Interception {
    private static final ThreadLocal<@Nullable UnaryOperator<Backend>> FRONT = new ThreadLocal<>();
    // Not volatile, as it is read with every operation: the only thread that must see it is the one that writes it.
    private static boolean any;
    /** The number of threads and nestings within {@link #during}. */
    private static int active;

    private Interception() {}

    // As one step: another thread may begin when the last one ends.
    private static synchronized void count(int by) {
        active += by;
        any = active > 0;
    }

    /** Returns the backend that the calling thread is to call for one. */
    static Backend of(Backend backend) {
        return any ? intercepted(backend) : backend;
    }

    private static Backend intercepted(Backend backend) {
        UnaryOperator<Backend> front = FRONT.get();
        return front == null ? backend : front.apply(backend);
    }

    /**
     * Runs code whose calls of backends go to others.
     *
     * @param front returns, always the same, what is to be called in a backend's place, or the backend itself
     */
    public static <T> T during(UnaryOperator<Backend> front, Supplier<T> work) {
        UnaryOperator<Backend> outer = FRONT.get();
        count(1);
        FRONT.set(front);
        try {
            return work.get();
        } finally {
            if (outer == null) FRONT.remove();
            else FRONT.set(outer);
            count(-1);
        }
    }
}
