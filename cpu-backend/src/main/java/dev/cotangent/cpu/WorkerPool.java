package dev.cotangent.cpu;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads for loops. The calling thread takes part, and could do all work: it never waits for a piece that no thread has
 * begun, so any number of threads may call, and calls may nest.
 */
final class WorkerPool {
    /** Work below this, in tenths of a nanosecond, is not worth waking a second thread. */
    private static final long WORTH_WAKING = 400_000;

    /** Nor is this worth one that is awake. */
    private static final long WORTH_SHARING = 200_000;

    /** The smallest work of a piece. */
    private static final long WORTH_TAKING = 50_000;

    /** Nanoseconds after which a caller that has waited longer than it worked has waited in vain. */
    private static final long VAIN = 200_000;

    /**
     * Nanoseconds for which a thread that has worked looks for more before it sleeps. Waking it takes some 20,000; where the
     * system wakes it on the caller's processor, though another one is idle, it begins only milliseconds later.
     */
    private static final long AWAKE = 1_000_000;

    /**
     * Nanoseconds of absence after which a thread is taken to share its processor: waiting for its piece may take long.
     */
    private static final long AWAY = 500_000;

    private static final int SPINS = 2_000;

    /** Each time in a row that the caller waited in vain, nobody is asked for twice as long; at most so often. */
    private static final int MOST_DOUBLINGS = 6;

    /** Nanoseconds that are a multiple of short waits at most; long ones are multiplied by less. */
    private static final long LONG_BACK_OFF = 50_000_000;

    private static final long MOST_TIMES = 4;

    /** So many nanoseconds after that time a count begins anew: who wanted the processor then may be gone. */
    private static final long FORGOTTEN = 50_000_000;

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

    WorkerPool(int threads) {
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

    /** Returns whether work of this cost, in tenths of a nanosecond, would be shared now. */
    private boolean worth(long work) {
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
        // Of so few units that their number is an int.
        long coarse = Math.ceilDiv(Math.ceilDiv(n, Integer.MAX_VALUE), unit) * unit;
        int units = Math.toIntExact(Math.ceilDiv(n, coarse));
        int least = Math.clamp(WORTH_TAKING / coarse / cost, 1, Integer.MAX_VALUE);
        int sharers = Math.min(threads, Math.ceilDiv(units, least));
        Job job = new Job(n, coarse, units, least, sharers, body);
        int helpers = sharers - 1;
        for (int i = 0; i < helpers; i++) offered.add(job);
        for (int i = 0; i < helpers && up.get() < threads - 1; i++) {
            up.incrementAndGet();
            workers.execute(this::help);
        }
        long start = System.nanoTime();
        if (start - alone > FORGOTTEN) setbacks = 0;
        job.run(0);
        long end = System.nanoTime();
        while (offered.remove(job)) {}
        job.await();
        long now = System.nanoTime();
        // A thread that took longer for the rest than all else took got no processor.
        long waited = now - end;
        if (waited > Math.max(VAIN, end - start)) alone = now + backOff(waited, setbacks++);
        else setbacks = 0;
    }

    /**
     * Returns the nanoseconds for which nobody is asked after a wait in vain. Who waited for a thread that ran code not yet
     * compiled must not go on alone for seconds, so only short waits are multiplied by much.
     */
    static long backOff(long waited, int setbacks) {
        long doubled = waited << Math.min(setbacks, MOST_DOUBLINGS);
        return Math.min(doubled, Math.max(LONG_BACK_OFF, MOST_TIMES * waited));
    }

    private void help() {
        int me = ((ForkJoinWorkerThread) Thread.currentThread()).getPoolIndex() + 1;
        for (Job job; (job = look()) != null; ) job.run(me);
        up.decrementAndGet();
    }

    /** Returns the next job, or null if there is none for a while, or if other threads need the processor. */
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

    /**
     * Every thread has a range of its own, the same from job to job, for what it reads and writes may still be in its
     * cache. It takes pieces from the front of it, then from the ends of others' ranges: always half of the rest, so
     * that the last pieces are small, and no thread waits for long.
     */
    private static final class Job {
        /** Places between counts, lest they share a line of a cache. */
        private static final int APART = 16;

        private final long n;
        private final long unit;
        private final int least;
        private final int sharers;
        private final Body body;
        /** The rest of each range, in units: from the upper half up to the lower. */
        private final AtomicLongArray left;

        private final AtomicLong done = new AtomicLong();
        private final Thread caller = Thread.currentThread();
        private volatile @Nullable Throwable failure;

        Job(long n, long unit, int units, int least, int sharers, Body body) {
            this.n = n;
            this.unit = unit;
            this.least = least;
            this.sharers = sharers;
            this.body = body;
            left = new AtomicLongArray(sharers * APART);
            for (int s = 0; s < sharers; s++) {
                int from = (int) ((long) units * s / sharers);
                int to = (int) ((long) units * (s + 1) / sharers);
                left.setPlain(s * APART, range(from, to));
            }
        }

        private static long range(int from, int to) {
            return (long) from << Integer.SIZE | to;
        }

        void run(int me) {
            for (int s = 0; s < sharers; s++) {
                int at = (me + s) % sharers * APART;
                for (long range; (range = left.get(at)) >>> Integer.SIZE < (int) range; ) {
                    int from = (int) (range >>> Integer.SIZE);
                    int to = (int) range;
                    int some = Math.min(to - from, Math.max(least, (to - from + 1) / 2));
                    int middle = s == 0 ? from + some : to - some;
                    if (!left.compareAndSet(at, range, s == 0 ? range(middle, to) : range(from, middle))) continue;
                    if (s == 0) run(from, middle);
                    else run(middle, to);
                }
            }
        }

        private void run(long from, long to) {
            long first = from * unit;
            long end = Math.min(n, to * unit);
            try {
                if (failure == null) body.run(first, end);
            } catch (Throwable t) {
                failure = t;
            }
            if (done.addAndGet(end - first) == n) LockSupport.unpark(caller);
        }

        void await() {
            for (int i = 0; i < SPINS && done.get() < n; i++) Thread.onSpinWait();
            boolean interrupted = false;
            while (done.get() < n) {
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
