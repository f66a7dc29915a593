package dev.cotangent.data;

import dev.cotangent.Device;
import dev.cotangent.Generator;
import dev.cotangent.Tensor;
import dev.cotangent.Warnings;
import dev.cotangent.cuda.CudaEvent;
import dev.cotangent.cuda.CudaStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Threads that make batches. Batch {@code k} is made by worker {@code k mod n}, as in PyTorch, so that what a worker
 * draws from its generator does not depend on time. Does not refer to its iterator, so that an unreachable iterator
 * ends its pool.
 */
final class LoaderWorkers {
    private static final long PATIENCE_MILLIS = 10_000;
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** A batch that was made, on its device. */
    record Made(
            @Nullable Object batch,
            List<Tensor> copies,
            @Nullable CudaEvent ready) {}

    /** A batch that is being made: the work for it, then what came of it. */
    static final class Task {
        private final Epoch<?> epoch;
        private final Epoch.Job<?> job;
        final long batch;
        final int worker;
        private final CountDownLatch done = new CountDownLatch(1);
        private @Nullable Made made;
        private @Nullable Throwable failure;

        private Task(Epoch<?> epoch, Epoch.Job<?> job, long batch, int worker) {
            this.epoch = epoch;
            this.job = job;
            this.batch = batch;
            this.worker = worker;
        }

        /** Waits until it is done, zero for ever; returns whether it is. */
        boolean await(Duration timeout) throws InterruptedException {
            if (timeout.isZero()) {
                done.await();
                return true;
            }
            return done.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
        }

        @Nullable
        Throwable failure() {
            return failure;
        }

        Made made() {
            if (made == null) throw new IllegalStateException("batch " + batch + " is not made");
            return made;
        }
    }

    private final DataLoaderOptions options;
    private final Set<LoaderWorkers> open;
    private final List<BlockingQueue<Task>> queues = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Task stop = new Task(
            new Epoch.Indexed<>(Dataset.of(List.of()), List.<long[]>of().iterator(), null), w -> null, -1, -1);
    private final @Nullable CudaStream stream;
    private final boolean likePyTorch;
    private volatile boolean closed;

    /** Starts the threads; the pool is in {@code open} until it is closed. */
    LoaderWorkers(DataLoaderOptions options, long baseSeed, boolean likePyTorch, Set<LoaderWorkers> open) {
        this.options = options;
        this.open = open;
        this.likePyTorch = likePyTorch;
        Device device = options.device();
        stream = device == null || device.isCpu() ? null : CudaStream.create(device, 0);
        int number = COUNT.getAndIncrement();
        ThreadFactory given = options.threadFactory();
        ThreadFactory factory = given != null
                ? given
                : Thread.ofPlatform()
                        .daemon()
                        .name("cotangent-loader-" + number + "-", 0)
                        .factory();
        open.add(this);
        try {
            for (int i = 0; i < options.numWorkers(); i++) {
                BlockingQueue<Task> queue = new LinkedBlockingQueue<>();
                queues.add(queue);
                WorkerInfo info = new WorkerInfo(i, options.numWorkers(), baseSeed + i);
                Thread thread = factory.newThread(() -> work(info, queue));
                threads.add(thread);
                thread.start();
            }
        } catch (RuntimeException | Error e) {
            shutdown();
            throw e;
        }
    }

    /** Hands work to the worker whose turn it is. */
    Task submit(Epoch<?> epoch, Epoch.Job<?> job, long batch) {
        int worker = (int) (batch % queues.size());
        Task task = new Task(epoch, job, batch, worker);
        queues.get(worker).add(task);
        // A task added after the end would never run.
        if (closed)
            throw new LoaderException("the DataLoader was closed during the iteration", -1, batch, worker, null);
        return task;
    }

    private void work(WorkerInfo info, BlockingQueue<Task> queue) {
        WorkerInfo.set(info);
        Throwable broken = null;
        Generator generator = likePyTorch ? Generator.pytorch(info.seed()) : new Generator(info.seed());
        try (var _ = generator.use()) {
            try {
                if (options.workerInit() != null) options.workerInit().accept(info);
            } catch (Throwable e) {
                broken = Epoch.failure("starting it", -1, 0, info.id(), e);
            }
            while (true) {
                Task task = next(queue);
                if (task == stop) return;
                run(task, info.id(), broken);
            }
        }
    }

    /** Takes the next task, ignoring an interrupt that a dataset's code may have left. */
    private static Task next(BlockingQueue<Task> queue) {
        while (true) {
            try {
                return queue.take();
            } catch (InterruptedException e) {
                continue;
            }
        }
    }

    private void run(Task task, int worker, @Nullable Throwable broken) {
        try {
            if (broken != null) task.failure = broken;
            else if (task.epoch.isCancelled()) task.made = new Made(null, List.of(), null);
            else task.made = place(task.job.run(worker), options.device(), stream);
        } catch (LoaderException e) {
            task.failure = e;
        } catch (Throwable e) {
            task.failure = Epoch.failure("batch " + task.batch, -1, task.batch, worker, e);
        } finally {
            task.done.countDown();
        }
    }

    /** Copies a batch to a device, on a stream where there is one. */
    static Made place(@Nullable Object batch, @Nullable Device device, @Nullable CudaStream stream) {
        if (batch == null || device == null) return new Made(batch, List.of(), null);
        Transfer transfer = new Transfer(device);
        if (stream == null) return new Made(transfer.move(batch), transfer.copies(), null);
        try (var _ = stream.use()) {
            Object moved = transfer.move(batch);
            return new Made(moved, transfer.copies(), stream.recordEvent());
        }
    }

    /** Says what a worker is doing now, for an error message. */
    String doing(int worker) {
        Thread thread = threads.get(worker);
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length == 0 ? "its thread has ended" : "it is in " + stack[0];
    }

    /** Tells the workers to end; cancelling their epochs before saves the wait for a whole batch. */
    void shutdown() {
        closed = true;
        for (BlockingQueue<Task> queue : queues) {
            List<Task> dropped = new ArrayList<>();
            queue.drainTo(dropped);
            for (Task t : dropped) t.done.countDown();
            queue.add(stop);
        }
        open.remove(this);
    }

    /** Waits until the workers have ended; warns of one that goes on with its sample. */
    void join() {
        boolean interrupted = false;
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        Deque<Thread> left = new ArrayDeque<>(threads);
        while (!left.isEmpty()) {
            Thread thread = left.removeFirst();
            if (thread == Thread.currentThread() || thread.getState() == Thread.State.NEW) continue;
            long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            try {
                if (millis > 0) thread.join(millis);
            } catch (InterruptedException e) {
                interrupted = true;
                left.addFirst(thread);
                continue;
            }
            if (thread.isAlive()) {
                Warnings.warn("DataLoader worker thread " + thread.getName()
                        + " goes on with its sample after the loader was closed, in "
                        + String.join(" <- ", top(thread)));
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    private static Collection<String> top(Thread thread) {
        List<String> lines = new ArrayList<>();
        for (StackTraceElement e : thread.getStackTrace()) if (lines.size() < 3) lines.add(e.toString());
        return lines;
    }

    boolean isClosed() {
        return closed;
    }
}
