package dev.cotangent.internal.engine;

import dev.cotangent.autograd.Anomaly;
import dev.cotangent.autograd.SavedTensorHooks;
import dev.cotangent.backend.Accelerator;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Backends;
import dev.cotangent.cuda.Cuda;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Threads for nested backward passes. Every {@link #PER_THREAD}th level runs in a new thread that its parent waits
 * for, so that one thread's stack does not bound the depth.
 */
final class ReentrantRuns {
    private static final int PER_THREAD = 50;
    private static final long STACK_BYTES = 4L << 20;

    private ReentrantRuns() {}

    static boolean needsThread(int depth) {
        return depth > 0 && depth % PER_THREAD == 0;
    }

    /**
     * Runs work in a new thread that inherits the calling one's device, streams and saved-tensor hooks, and waits for
     * it.
     */
    static void inThread(Runnable work) {
        Engine outer = Engine.current();
        SavedTensorHooks hooks = SavedTensorHooks.current();
        Anomaly.Guard anomaly = Anomaly.current();
        int device = Cuda.currentDevice();
        List<Runnable> streams = new ArrayList<>();
        for (Backend b : Backends.opened()) {
            if (!(b instanceof Accelerator a)) continue;
            Accelerator.Stream queue = a.currentStream();
            streams.add(() -> a.setCurrentStream(queue));
        }
        @Nullable Throwable[] failure = new Throwable[1];
        Runnable body = () -> {
            try (var _ = anomaly == null ? null : Anomaly.open(anomaly.checksNan())) {
                if (device != Cuda.currentDevice()) Cuda.setDevice(device);
                streams.forEach(Runnable::run);
                if (hooks == null) {
                    Engine.within(outer, work);
                } else {
                    try (var _ = hooks.open()) {
                        Engine.within(outer, work);
                    }
                }
            } catch (Throwable t) {
                failure[0] = t;
            }
        };
        Thread thread = new Thread(null, body, Thread.currentThread().getName() + "+", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        join(thread);
        if (failure[0] instanceof RuntimeException e) throw e;
        if (failure[0] instanceof Error e) throw e;
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
