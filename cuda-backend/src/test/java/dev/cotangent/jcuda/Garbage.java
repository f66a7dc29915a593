package dev.cotangent.jcuda;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;

/** Runs Java's collector and waits for it. */
final class Garbage {
    private static final long MILLIS = 100;

    private Garbage() {}

    /** Returns when all references to objects unreachable at the call are enqueued. */
    static void collect() throws InterruptedException {
        // References of one collection are enqueued in any order, but before those of the next.
        for (int i = 0; i < 2; i++) {
            var queue = new ReferenceQueue<Object>();
            var canary = new PhantomReference<>(new Object(), queue);
            do System.gc();
            while (queue.remove(MILLIS) == null);
            Reference.reachabilityFence(canary);
        }
    }
}
