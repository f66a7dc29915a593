package dev.cotangent.cpu;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/** What threads allocate, where Java says so. */
final class Allocation {
    private static final @Nullable ThreadMXBean THREADS = threads();

    private Allocation() {}

    private static @Nullable ThreadMXBean threads() {
        try {
            return ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        } catch (LinkageError | IllegalArgumentException e) {
            // Another Java, or a run-time image without the module jdk.management.
            return null;
        }
    }

    /** Returns the bytes of the objects that this thread has made so far; a constant where Java does not count them. */
    static long ofThread() {
        ThreadMXBean threads = THREADS;
        return threads == null ? 0 : threads.getCurrentThreadAllocatedBytes();
    }
}
