package dev.cotangent.autograd;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts the in-place writes to a memory; shared by views and by {@code detach()}. */
public final class Version {
    private final AtomicInteger count = new AtomicInteger();

    /** How many writes there were. */
    public int current() {
        return count.get();
    }

    /** Counts one more. */
    public void bump() {
        count.incrementAndGet();
    }
}
