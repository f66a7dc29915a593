package dev.cotangent.cpu;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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
    /** Work below this, in tenths of a nanosecond, is not worth waking a second thread. */
    private static final long WORTH_WAKING = 400_000;

    /** Nor is this worth one that is awake. */
    private static final long WORTH_SHARING = 200_000;

    /** Nanoseconds for which a thread that has worked looks for more before it sleeps; waking it takes some 20,000. */
    private static final long AWAKE = 200_000;

    /** A thread that was away for so many nanoseconds shares its processor: who waits for its piece may wait for long. */
    private static final long AWAY = 10_000;

    private static final int SPINS = 2_000;

    /** Each time in a row that the caller waited in vain, nobody is asked for twice as long; at most so often. */
    private static final int MOST_DOUBLINGS = 6;

    private final int threads;
    private final @Nullable ForkJoinPool workers;
    /** How many threads are awake, or being woken. */
    private final AtomicInteger up = new AtomicInteger();

    /** How many of them look for work. */
    private final AtomicInteger looking = new AtomicInteger();

    private final Queue<Job> offered = new ConcurrentLinkedQueue<>();

    /** Until then, by {@link System#nanoTime}, nobody is asked to help. */
    private volatile long alone = System.nanoTime();

    /** How often in a row; callers may lose a count to each other. */
    private int setbacks;

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

    /** Whether work of so many tenths of a nanosecond would be shared now. */
    boolean worth(long work) {
        long least = looking.get() > 0 ? WORTH_SHARING : WORTH_WAKING;
        return workers != null && work >= least && System.nanoTime() - alone >= 0;
    }

    /**
     * Runs a body over 0 to {@code n}, in several threads if that is worth it: {@code cost} is the work of one in
     * tenths of a nanosecond; pieces begin at multiples of {@code unit}.
     */
    void run(long n, long unit, long cost, Body body) {
        long work = n * cost;
        if (workers == null || n <= unit || !worth(work)) {
            if (n > 0) body.run(0, n);
            return;
        }
        long pieces = Math.min(Math.min(4L * threads, work / (WORTH_SHARING / 4)), (n + unit - 1) / unit);
        long length = ((n + pieces - 1) / pieces + unit - 1) / unit * unit;
        Job job = new Job(n, length, body);
        int helpers = Math.min(threads, job.pieces) - 1;
        for (int i = 0; i < helpers; i++) offered.add(job);
        for (int i = 0; i < helpers && up.get() < threads - 1; i++) {
            up.incrementAndGet();
            workers.execute(this::help);
        }
        long start = System.nanoTime();
        job.run();
        long end = System.nanoTime();
        while (offered.remove(job)) {}
        job.await();
        long now = System.nanoTime();
        // A thread that took longer for the rest than all else took got no processor.
        long waited = now - end;
        if (waited > Math.max(AWAKE, end - start)) alone = now + (waited << Math.min(setbacks++, MOST_DOUBLINGS));
        else setbacks = 0;
    }

    private void help() {
        for (Job job; (job = look()) != null; ) job.run();
        up.decrementAndGet();
    }

    /** The next job; null if there is none for a while, or if others want the processor. */
    private @Nullable Job look() {
        looking.incrementAndGet();
        try {
            long start = System.nanoTime();
            for (long now = start; ; ) {
                Job job = offered.poll();
                if (job != null || now - start > AWAKE) return job;
                Thread.yield();
                long then = now;
                now = System.nanoTime();
                if (now - then > AWAY) return null;
            }
        } finally {
            looking.decrementAndGet();
        }
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
