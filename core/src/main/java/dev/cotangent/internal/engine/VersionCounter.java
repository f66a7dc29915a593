package dev.cotangent.internal.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Counts the in-place writes to a memory; shared by views and by {@code detach()}. */
public final class VersionCounter {
    private static final VarHandle COUNT;

    static {
        try {
            COUNT = MethodHandles.lookup().findVarHandle(VersionCounter.class, "count", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int count;

    /** How many writes there were. */
    public int current() {
        return count;
    }

    /** Counts one more. */
    public void bump() {
        COUNT.getAndAdd(this, 1);
    }
}
