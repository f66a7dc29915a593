package dev.cotangent.internal.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Counts in-place writes to a storage; shared by views and by {@code detach()}. */
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

    /** Returns the number of writes so far. */
    public int current() {
        return count;
    }

    /** Counts one write. */
    public void bump() {
        COUNT.getAndAdd(this, 1);
    }
}
