package dev.cotangent.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One pass over the data, cut into the work for single batches. */
abstract sealed class Epoch<B> implements AutoCloseable {
    private volatile boolean cancelled;

    /** The work for a batch; any thread may do it. */
    interface Job<B> {
        /** Makes the batch; null where the samples ended before it. */
        @Nullable
        B run(int worker);
    }

    /** Returns the next batch's work, null at the end; called by the thread that takes the batches. */
    abstract @Nullable Job<B> next();

    /** Ends the pass early: work that has begun stops at the next sample. */
    void cancel() {
        cancelled = true;
        close();
    }

    final boolean isCancelled() {
        return cancelled;
    }

    /** Lets go of what the samples are read from. */
    @Override
    public void close() {}

    static LoaderException failure(String what, long index, long batch, int worker, Throwable cause) {
        String where = worker < 0 ? "" : " in DataLoader worker " + worker;
        return new LoaderException(
                "Caught " + cause.getClass().getSimpleName() + where + ", " + what + ": " + cause.getMessage(),
                index,
                batch,
                worker,
                cause);
    }

    static <T, B> B collate(
            Collate<? super T, ? extends B> collate, List<T> samples, String which, long batch, int worker) {
        try {
            return collate.apply(samples);
        } catch (Exception e) {
            throw failure("collating batch " + batch + " of " + which, -1, batch, worker, e);
        }
    }

    /** A pass over a dataset by indices. */
    static final class Indexed<T, B> extends Epoch<B> {
        private final Dataset<T> dataset;
        private final Iterator<long[]> batches;
        private final @Nullable Collate<? super T, ? extends B> collate;
        private long count;

        /** @param collate null where a batch is a sample as it is */
        Indexed(Dataset<T> dataset, Iterator<long[]> batches, @Nullable Collate<? super T, ? extends B> collate) {
            this.dataset = dataset;
            this.batches = batches;
            this.collate = collate;
        }

        @Override
        @Nullable
        Job<B> next() {
            if (!batches.hasNext()) return null;
            long[] indices = batches.next();
            long batch = count++;
            return worker -> make(batch, indices, worker);
        }

        @SuppressWarnings("unchecked")
        private @Nullable B make(long batch, long[] indices, int worker) {
            if (collate == null) return (B) sample(indices[0], batch, worker);
            List<T> samples =
                    dataset.fetchesTogether() ? together(indices, batch, worker) : new ArrayList<>(indices.length);
            for (int i = samples.size(); i < indices.length; i++) {
                if (isCancelled()) return null;
                samples.add(sample(indices[i], batch, worker));
            }
            return Epoch.<T, B>collate(collate, samples, "samples " + text(indices), batch, worker);
        }

        private T sample(long index, long batch, int worker) {
            try {
                T sample = dataset.get(index);
                if (sample == null) throw new NullPointerException("get(" + index + ") of the dataset returned null");
                return sample;
            } catch (Exception e) {
                throw failure("sample " + index + " of batch " + batch, index, batch, worker, e);
            }
        }

        private List<T> together(long[] indices, long batch, int worker) {
            try {
                return dataset.getAll(indices);
            } catch (Exception e) {
                throw failure("samples " + text(indices) + " of batch " + batch, -1, batch, worker, e);
            }
        }

        private static String text(long[] indices) {
            int most = 8;
            return indices.length <= most
                    ? Arrays.toString(indices)
                    : Arrays.toString(Arrays.copyOf(indices, most))
                            .replace("]", ", ... " + indices.length + " in all]");
        }
    }

    /**
     * A pass over a stream. Workers take turns at reading it, in the order of the batches; a last function of the stream, see
     * {@link IterableDataset#map}, and the collation run side by side.
     */
    static final class Streamed<S, T, B> extends Epoch<B> {
        private final Iterator<S> samples;
        private final Function<? super S, ? extends T> function;
        private final int batchSize;
        private final boolean dropLast;
        private final @Nullable Collate<? super T, ? extends B> collate;
        private long dispatched;
        private final ReentrantLock reading = new ReentrantLock();
        private final Condition next = reading.newCondition();
        private long turn;
        private long read;
        private volatile boolean ended;

        Streamed(
                Iterator<S> samples,
                Function<? super S, ? extends T> function,
                int batchSize,
                boolean dropLast,
                @Nullable Collate<? super T, ? extends B> collate) {
            this.samples = samples;
            this.function = function;
            this.batchSize = batchSize;
            this.dropLast = dropLast;
            this.collate = collate;
        }

        @Override
        @Nullable
        Job<B> next() {
            if (ended) return null;
            long batch = dispatched++;
            return worker -> make(batch, worker);
        }

        @SuppressWarnings("unchecked")
        private @Nullable B make(long batch, int worker) {
            List<S> raw = new ArrayList<>();
            long start = read(batch, raw, worker);
            if (raw.isEmpty() || isCancelled() || dropLast && raw.size() < batchSize) return null;
            List<T> mapped = new ArrayList<>(raw.size());
            for (S sample : raw) {
                if (isCancelled()) return null;
                long index = start + mapped.size();
                try {
                    mapped.add(function.apply(sample));
                } catch (Exception e) {
                    throw failure("sample " + index + " of the stream, in batch " + batch, index, batch, worker, e);
                }
            }
            if (collate == null) return (B) mapped.getFirst();
            String which = "samples " + start + " to " + (start + mapped.size() - 1) + " of the stream";
            return Epoch.<T, B>collate(collate, mapped, which, batch, worker);
        }

        /** Reads the samples of a batch when it is its turn; returns the number of the first. */
        private long read(long batch, List<S> raw, int worker) {
            reading.lock();
            try {
                while (turn != batch && !isCancelled()) next.awaitUninterruptibly();
                long start = read;
                while (!ended && !isCancelled() && raw.size() < batchSize) {
                    if (samples.hasNext()) {
                        raw.add(samples.next());
                        read++;
                    } else {
                        end();
                    }
                }
                return start;
            } catch (Exception e) {
                end();
                throw failure("reading sample " + read + " of the stream, in batch " + batch, read, batch, worker, e);
            } finally {
                turn = batch + 1;
                if (isCancelled()) end();
                next.signalAll();
                reading.unlock();
            }
        }

        private void end() {
            if (ended) return;
            ended = true;
            Streams.close(samples);
        }

        /** Closes the stream, or lets a thread that is reading it do so, since that may be waiting for data. */
        @Override
        public void close() {
            if (!reading.tryLock()) return;
            try {
                end();
                next.signalAll();
            } finally {
                reading.unlock();
            }
        }
    }
}
