package dev.cotangent.jcuda;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;

/** Java's collector, waited for. */
final class Garbage {
    private static final long MILLIS = 100;

    private Garbage() {}

    /** Returns when what was unreachable at the call stands in the queues of its references, however busy the machine is. */
    static void collect() throws InterruptedException {
        // References found by one collection are queued in any order, but before those of the next.
        for (int i = 0; i < 2; i++) {
            var queue = new ReferenceQueue<Object>();
            var canary = new PhantomReference<>(new Object(), queue);
            do System.gc();
            while (queue.remove(MILLIS) == null);
            Reference.reachabilityFence(canary);
        }
    }
}
