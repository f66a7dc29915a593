package dev.cotangent.io;

import java.lang.management.ManagementFactory;

/** Counts what this thread allocates. */
final class Allocations {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final long before = now();

    private static long now() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    /** Returns the bytes allocated since this was made. */
    long bytes() {
        return now() - before;
    }
}
