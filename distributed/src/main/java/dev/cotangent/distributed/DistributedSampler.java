package dev.cotangent.distributed;

import dev.cotangent.Generator;
import dev.cotangent.Scope;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.data.Dataset;
import dev.cotangent.data.Sampler;
import dev.cotangent.internal.Arguments;
import java.util.Arrays;
import java.util.PrimitiveIterator;

/**
 * A rank's part of the indices of a dataset, in an order that all ranks know; PyTorch's {@code DistributedSampler}. Rank r
 * has every {@code worldSize}-th index from the r-th on; so that all have the same number, some indices come twice or,
 * with {@link #dropLast}, the last ones do not come. The order is PyTorch's, of {@code torch.manual_seed(seed + epoch)}.
 *
 * <pre>{@code
 * var sampler = new DistributedSampler(dataset, group);
 * for (int epoch = 0; epoch < 10; epoch++) {
 *     sampler.setEpoch(epoch); // another order
 *     for (var batch : loader) train(batch);
 * }
 * }</pre>
 */
public final class DistributedSampler implements Sampler {
    private final Dataset<?> dataset;
    private final int rank;
    private final int worldSize;
    private final boolean shuffle;
    private final long seed;
    private final boolean dropLast;
    private long epoch;

    /** Creates the sampler of a rank, which shuffles. */
    public DistributedSampler(Dataset<?> dataset, ProcessGroup group) {
        this(dataset, group.rank(), group.worldSize());
    }

    /** Creates the sampler of a rank, which shuffles. */
    public DistributedSampler(Dataset<?> dataset, int rank, int worldSize) {
        this(Arguments.notNull("DistributedSampler", "dataset", dataset), rank, worldSize, true, 0, false);
        if (worldSize < 1 || rank < 0 || rank >= worldSize) {
            throw new ValueException(
                    "Invalid rank " + rank + ", rank should be in the interval [0, " + (worldSize - 1) + "]");
        }
    }

    private DistributedSampler(
            Dataset<?> dataset, int rank, int worldSize, boolean shuffle, long seed, boolean dropLast) {
        this.dataset = dataset;
        this.rank = rank;
        this.worldSize = worldSize;
        this.shuffle = shuffle;
        this.seed = seed;
        this.dropLast = dropLast;
    }

    /** Returns a sampler that shuffles, or gives the indices in their order. */
    public DistributedSampler shuffle(boolean value) {
        return new DistributedSampler(dataset, rank, worldSize, value, seed, dropLast);
    }

    /** Returns a sampler with another seed of its orders, 0 at first; the same on all ranks. */
    public DistributedSampler seed(long value) {
        return new DistributedSampler(dataset, rank, worldSize, shuffle, value, dropLast);
    }

    /** Returns a sampler that leaves the last indices out instead of giving some twice; PyTorch's {@code drop_last}. */
    public DistributedSampler dropLast(boolean value) {
        return new DistributedSampler(dataset, rank, worldSize, shuffle, seed, value);
    }

    /** Sets the epoch, on which the order depends; to be called before each one, on all ranks. {@code set_epoch}. */
    public void setEpoch(long epoch) {
        this.epoch = epoch;
    }

    @Override
    public long size() {
        long n = dataset.size();
        return dropLast ? n / worldSize : (n + worldSize - 1) / worldSize;
    }

    @Override
    public PrimitiveIterator.OfLong iterator() {
        long n = dataset.size();
        long[] order = shuffle ? permutation(n) : null;
        long[] own = new long[Math.toIntExact(size())];
        for (int i = 0; i < own.length; i++) {
            long at = (rank + (long) i * worldSize) % Math.max(1, n);
            own[i] = order == null ? at : order[(int) at];
        }
        return Arrays.stream(own).iterator();
    }

    private long[] permutation(long n) {
        return Scope.outside(() -> {
            try (var _ = Generator.pytorch(seed + epoch).use()) {
                return Tensors.randperm(n).toLongArray();
            }
        });
    }

    /** Returns {@code DistributedSampler(rank=0, world_size=2, size=50)}. */
    @Override
    public String toString() {
        return "DistributedSampler(rank=" + rank + ", world_size=" + worldSize + ", size=" + size() + ")";
    }
}
