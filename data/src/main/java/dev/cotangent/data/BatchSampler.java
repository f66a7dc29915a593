package dev.cotangent.data;

import dev.cotangent.ValueException;
import dev.cotangent.internal.Arguments;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;

/** The indices of each batch of an epoch; PyTorch's {@code torch.utils.data.BatchSampler}. Open: yours may group by length. */
public interface BatchSampler extends Iterable<long[]> {
    /** Returns the number of batches. */
    long size();

    /** Returns the batches of one epoch. */
    @Override
    Iterator<long[]> iterator();

    /**
     * Groups the indices of a sampler.
     *
     * @param sampler the indices
     * @param batchSize how many make a batch
     * @param dropLast whether to leave out the last batch where it is smaller
     */
    static BatchSampler of(Sampler sampler, int batchSize, boolean dropLast) {
        Arguments.notNull("BatchSampler", "sampler", sampler);
        if (batchSize <= 0) {
            throw new ValueException("batch_size should be a positive integer value, but got batch_size=" + batchSize);
        }
        return new BatchSampler() {
            @Override
            public long size() {
                long n = sampler.size();
                return dropLast ? n / batchSize : Math.ceilDiv(n, batchSize);
            }

            @Override
            public Iterator<long[]> iterator() {
                return new Groups(sampler.iterator(), batchSize, dropLast);
            }

            @Override
            public String toString() {
                return "BatchSampler(" + sampler + ", batch_size=" + batchSize + ")";
            }
        };
    }

    /** Batches of consecutive indices. */
    final class Groups implements Iterator<long[]> {
        private final PrimitiveIterator.OfLong indices;
        private final int batchSize;
        private final boolean dropLast;
        private long[] next = {};

        private Groups(PrimitiveIterator.OfLong indices, int batchSize, boolean dropLast) {
            this.indices = indices;
            this.batchSize = batchSize;
            this.dropLast = dropLast;
        }

        @Override
        public boolean hasNext() {
            if (next.length > 0) return true;
            long[] batch = new long[Math.min(batchSize, 64)];
            int n = 0;
            while (n < batchSize && indices.hasNext()) {
                if (n == batch.length) batch = Arrays.copyOf(batch, Math.min(batchSize, 2 * n));
                batch[n++] = indices.nextLong();
            }
            if (dropLast && n < batchSize) n = 0;
            next = n == batch.length ? batch : Arrays.copyOf(batch, n);
            return n > 0;
        }

        @Override
        public long[] next() {
            if (!hasNext()) throw new NoSuchElementException();
            long[] batch = next;
            next = new long[0];
            return batch;
        }
    }
}
