package dev.cotangent.data;

import dev.cotangent.Device;
import dev.cotangent.Scope;
import dev.cotangent.Tensor;
import dev.cotangent.backend.AllocationScope;
import dev.cotangent.cuda.Cuda;
import dev.cotangent.internal.Internals;
import java.lang.ref.Cleaner;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The batches of one epoch, in order. */
final class LoaderIterator<B> implements SampleIterator<B> {
    static final Cleaner CLEANER = Cleaner.create();

    private final DataLoaderOptions options;
    private final Epoch<B> epoch;
    private final @Nullable LoaderWorkers pool;
    private final Cleaner.Cleanable end;
    private final Deque<LoaderWorkers.Task> ahead = new ArrayDeque<>();
    private long submitted;
    private long taken;
    private boolean atEnd;
    private LoaderWorkers.@Nullable Made next;
    private @Nullable RuntimeException failure;

    /** Ends an epoch, and the pool where that is the epoch's own; refers to no iterator. */
    private record End(
            Epoch<?> epoch, Set<Epoch<?>> running, @Nullable LoaderWorkers pool) implements Runnable {
        @Override
        public void run() {
            epoch.cancel();
            running.remove(epoch);
            if (pool != null) pool.shutdown();
        }
    }

    /**
     * Begins an epoch.
     *
     * @param running the epochs of the loader that are not over: this one until it is
     */
    LoaderIterator(DataLoaderOptions options, Epoch<B> epoch, Set<Epoch<?>> running, @Nullable LoaderWorkers pool) {
        this.options = options;
        this.epoch = epoch;
        this.pool = pool;
        running.add(epoch);
        end = CLEANER.register(this, new End(epoch, running, options.persistentWorkers() ? null : pool));
        if (pool != null) for (int i = 0; i < options.batchesAhead(); i++) submit(pool);
    }

    private void submit(LoaderWorkers workers) {
        Epoch.Job<B> job = epoch.next();
        if (job != null) ahead.add(workers.submit(epoch, job, submitted++));
    }

    @Override
    public boolean hasNext() {
        if (next == null && failure == null && !atEnd) {
            try {
                if (epoch.isCancelled()) throw cancelled();
                LoaderWorkers.Made made = pool == null ? make() : await(pool);
                if (made == null || made.batch() == null) {
                    if (epoch.isCancelled() && made != null) throw cancelled();
                    finish();
                } else {
                    next = made;
                }
            } catch (RuntimeException e) {
                failure = e;
            }
            taken++;
        }
        return !atEnd;
    }

    private LoaderException cancelled() {
        return new LoaderException(
                "the DataLoader was closed during the iteration, or its persistent workers have begun another one",
                -1,
                taken,
                -1,
                null);
    }

    private LoaderWorkers.@Nullable Made make() {
        Epoch.Job<B> job = epoch.next();
        // Tensors that a dataset caches must not belong to a scope of the caller.
        return job == null ? null : Scope.outside(() -> new LoaderWorkers.Made(job.run(-1), List.of(), null));
    }

    private LoaderWorkers.@Nullable Made await(LoaderWorkers workers) {
        LoaderWorkers.Task task = ahead.peekFirst();
        if (task == null) return null;
        try {
            if (!task.await(options.timeout())) {
                throw new LoaderException(
                        "DataLoader timed out after " + options.timeout().toMillis() / 1000.0 + " seconds: worker "
                                + task.worker + " has not made batch " + task.batch + ", " + workers.doing(task.worker)
                                + ". Set a longer timeout, or more workers",
                        -1,
                        task.batch,
                        task.worker,
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoaderException(
                    "interrupted while waiting for batch " + task.batch, -1, task.batch, task.worker, e);
        }
        ahead.removeFirst();
        if (!workers.isClosed()) submit(workers);
        Throwable raised = task.failure();
        if (raised instanceof RuntimeException e) throw e;
        if (epoch.isCancelled()) throw cancelled();
        return task.made();
    }

    private void finish() {
        atEnd = true;
        ahead.clear();
        close();
    }

    @Override
    @SuppressWarnings("unchecked")
    public B next() {
        if (!hasNext()) throw new NoSuchElementException();
        RuntimeException raised = failure;
        if (raised != null) {
            failure = null;
            throw raised;
        }
        LoaderWorkers.Made made = next;
        next = null;
        if (made == null) throw new NoSuchElementException();
        Device device = options.device();
        if (device == null) return (B) Objects.requireNonNull(made.batch());
        if (made.ready() != null) {
            Cuda.currentStream(device).waitEvent(made.ready());
            for (Tensor copy : made.copies()) AllocationScope.adopt(Internals.storage(copy));
        } else {
            made = LoaderWorkers.place(made.batch(), device, null);
        }
        return (B) Objects.requireNonNull(made.batch());
    }

    @Override
    public void close() {
        atEnd = atEnd || next == null && failure == null;
        next = null;
        end.clean();
    }
}
