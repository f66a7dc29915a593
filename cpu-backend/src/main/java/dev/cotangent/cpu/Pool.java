package dev.cotangent.cpu;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads for loops. The thread that calls takes part, and could do it all: it never waits for a piece that nobody has
 * begun, so any number of threads may call, and a piece may call again.
 */
final class Pool {
    /** Work below this, in tenths of a nanosecond, is not worth a second thread. */
    private static final long WORTH_SHARING = 600_000;

    private static final int SPINS = 2_000;

    private final int threads;
    private final @Nullable ForkJoinPool workers;

    Pool(int threads) {
        this.threads = threads;
        this.workers = threads < 2
                ? null
                : new ForkJoinPool(
                        threads - 1,
                        pool -> {
                            ForkJoinWorkerThread t = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
                            t.setName("cotangent-cpu-" + t.getPoolIndex());
                            t.setDaemon(true);
                            return t;
                        },
                        null,
                        false);
    }

    interface Body {
        /** Does the pieces from {@code from} up to {@code to}. */
        void run(long from, long to);
    }

    int threads() {
        return threads;
    }

    /**
     * Runs a body over 0 to {@code n}, in several threads if that is worth it: {@code cost} is the work of one in
     * tenths of a nanosecond; pieces begin at multiples of {@code unit}.
     */
    void run(long n, long unit, long cost, Body body) {
        long work = n * cost;
        if (workers == null || work < WORTH_SHARING || n <= unit) {
            if (n > 0) body.run(0, n);
            return;
        }
        long pieces = Math.min(Math.min(4L * threads, work / (WORTH_SHARING / 4)), (n + unit - 1) / unit);
        long length = ((n + pieces - 1) / pieces + unit - 1) / unit * unit;
        Job job = new Job(n, length, body);
        for (int i = 1; i < Math.min(threads, job.pieces); i++) workers.execute(job);
        job.run();
        job.await();
    }

    private static final class Job implements Runnable {
        private final long n;
        private final long length;
        private final int pieces;
        private final Body body;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private final Thread caller = Thread.currentThread();
        private volatile @Nullable Throwable failure;

        Job(long n, long length, Body body) {
            this.n = n;
            this.length = length;
            this.pieces = (int) ((n + length - 1) / length);
            this.body = body;
        }

        @Override
        public void run() {
            for (int piece; (piece = next.getAndIncrement()) < pieces; ) {
                try {
                    if (failure == null) body.run(piece * length, Math.min(n, (piece + 1) * length));
                } catch (Throwable t) {
                    failure = t;
                }
                if (done.incrementAndGet() == pieces) LockSupport.unpark(caller);
            }
        }

        void await() {
            for (int i = 0; i < SPINS && done.get() < pieces; i++) Thread.onSpinWait();
            boolean interrupted = false;
            while (done.get() < pieces) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            if (interrupted) Thread.currentThread().interrupt();
            switch (failure) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case null -> {}
                default -> throw new IllegalStateException(failure);
            }
        }
    }
}
