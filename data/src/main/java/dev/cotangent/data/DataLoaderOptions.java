package dev.cotangent.data;

import dev.cotangent.Device;
import dev.cotangent.Generator;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Arguments;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The keywords of PyTorch's {@code DataLoader}. Immutable; each method returns changed options: {@code
 * DataLoader.options().batchSize(64).shuffle(true).numWorkers(2)}.
 *
 * @param batchSize how many samples make a batch
 * @param shuffle whether the samples come in random order
 * @param sampler the indices; null for all of them
 * @param batchSampler the indices of each batch; null for the sampler's in groups of {@code batchSize}
 * @param numWorkers how many threads make batches ahead; 0 for none
 * @param dropLast whether to leave out the last batch where it is smaller
 * @param timeout how long a batch of a worker is waited for; zero for ever
 * @param generator from which the order and the workers' seeds are drawn; null for the default one
 * @param prefetchFactor how many batches each worker makes ahead; 0 for 2
 * @param persistentWorkers whether the workers go on from epoch to epoch
 * @param device to which the batches are copied; null for where they are made
 * @param threadFactory which makes the workers' threads; null for platform threads
 * @param workerInit called in each worker when it starts; null for nothing
 */
public record DataLoaderOptions(
        int batchSize,
        boolean shuffle,
        @Nullable Sampler sampler,
        @Nullable BatchSampler batchSampler,
        int numWorkers,
        boolean dropLast,
        Duration timeout,
        @Nullable Generator generator,
        int prefetchFactor,
        boolean persistentWorkers,
        @Nullable Device device,
        @Nullable ThreadFactory threadFactory,
        @Nullable Consumer<WorkerInfo> workerInit) {
    static final DataLoaderOptions DEFAULT =
            new DataLoaderOptions(1, false, null, null, 0, false, Duration.ZERO, null, 0, false, null, null, null);

    /** Checks single values; what goes together is checked by the loader. */
    public DataLoaderOptions {
        Arguments.notNull("DataLoader", "timeout", timeout);
        if (batchSize <= 0) {
            throw new ValueException("batch_size should be a positive integer value, but got batch_size=" + batchSize
                    + ". For single samples use DataLoader.samples(dataset, options)");
        }
        if (numWorkers < 0) {
            throw new ValueException(
                    "num_workers option should be non-negative; use numWorkers(0) to make batches in the"
                            + " calling thread, got num_workers=" + numWorkers);
        }
        if (timeout.isNegative()) throw new ValueException("timeout option should be non-negative, got " + timeout);
        if (prefetchFactor < 0) {
            throw new ValueException("prefetch_factor option should be non-negative, got " + prefetchFactor);
        }
    }

    /** Sets PyTorch's {@code batch_size}. */
    public DataLoaderOptions batchSize(int value) {
        return with(o -> o.batchSize = value);
    }

    /** Sets PyTorch's {@code shuffle}: the order of a {@link RandomSampler}. */
    public DataLoaderOptions shuffle(boolean value) {
        return with(o -> o.shuffle = value);
    }

    /** Sets PyTorch's {@code sampler}. */
    public DataLoaderOptions sampler(Sampler value) {
        Arguments.notNull("DataLoader", "sampler", value);
        return with(o -> o.sampler = value);
    }

    /** Sets PyTorch's {@code batch_sampler}. */
    public DataLoaderOptions batchSampler(BatchSampler value) {
        Arguments.notNull("DataLoader", "batch_sampler", value);
        return with(o -> o.batchSampler = value);
    }

    /** Sets PyTorch's {@code num_workers}; here they are threads. */
    public DataLoaderOptions numWorkers(int value) {
        return with(o -> o.numWorkers = value);
    }

    /** Sets PyTorch's {@code drop_last}. */
    public DataLoaderOptions dropLast(boolean value) {
        return with(o -> o.dropLast = value);
    }

    /** Sets PyTorch's {@code timeout}: a batch that takes a worker longer raises a {@link LoaderException}. */
    public DataLoaderOptions timeout(Duration value) {
        return with(o -> o.timeout = value);
    }

    /** Sets PyTorch's {@code generator}; with {@link Generator#pytorch} a shuffled loader has PyTorch's order. */
    public DataLoaderOptions generator(Generator value) {
        Arguments.notNull("DataLoader", "generator", value);
        return with(o -> o.generator = value);
    }

    /** Sets PyTorch's {@code prefetch_factor}. */
    public DataLoaderOptions prefetchFactor(int value) {
        return with(o -> o.prefetchFactor = value);
    }

    /** Sets PyTorch's {@code persistent_workers}. */
    public DataLoaderOptions persistentWorkers(boolean value) {
        return with(o -> o.persistentWorkers = value);
    }

    /**
     * Copies the batches to a device ahead of their use: what PyTorch's {@code pin_memory} with {@code to(device,
     * non_blocking=True)} is for. The workers copy through pinned memory on a stream of their own, and the stream that is the
     * current one where a batch is taken waits for its copy. The copy belongs to the {@link dev.cotangent.Scope} in which the
     * batch is taken.
     */
    public DataLoaderOptions device(Device value) {
        Arguments.notNull("DataLoader", "device", value);
        return with(o -> o.device = value);
    }

    /** Makes the workers' threads otherwise: virtual ones, for instance, for many that wait for a network. */
    public DataLoaderOptions threadFactory(ThreadFactory value) {
        Arguments.notNull("DataLoader", "thread_factory", value);
        return with(o -> o.threadFactory = value);
    }

    /** Sets PyTorch's {@code worker_init_fn}. */
    public DataLoaderOptions workerInit(Consumer<WorkerInfo> value) {
        Arguments.notNull("DataLoader", "worker_init_fn", value);
        return with(o -> o.workerInit = value);
    }

    private DataLoaderOptions with(Consumer<Fields> change) {
        Fields fields = new Fields(this);
        change.accept(fields);
        return fields.options();
    }

    /** The components as variables, so that a method changes one of them by its name. */
    private static final class Fields {
        private int batchSize;
        private boolean shuffle;
        private @Nullable Sampler sampler;
        private @Nullable BatchSampler batchSampler;
        private int numWorkers;
        private boolean dropLast;
        private Duration timeout;
        private @Nullable Generator generator;
        private int prefetchFactor;
        private boolean persistentWorkers;
        private @Nullable Device device;
        private @Nullable ThreadFactory threadFactory;
        private @Nullable Consumer<WorkerInfo> workerInit;

        Fields(DataLoaderOptions o) {
            batchSize = o.batchSize;
            shuffle = o.shuffle;
            sampler = o.sampler;
            batchSampler = o.batchSampler;
            numWorkers = o.numWorkers;
            dropLast = o.dropLast;
            timeout = o.timeout;
            generator = o.generator;
            prefetchFactor = o.prefetchFactor;
            persistentWorkers = o.persistentWorkers;
            device = o.device;
            threadFactory = o.threadFactory;
            workerInit = o.workerInit;
        }

        DataLoaderOptions options() {
            return new DataLoaderOptions(
                    batchSize,
                    shuffle,
                    sampler,
                    batchSampler,
                    numWorkers,
                    dropLast,
                    timeout,
                    generator,
                    prefetchFactor,
                    persistentWorkers,
                    device,
                    threadFactory,
                    workerInit);
        }
    }

    int batchesAhead() {
        return numWorkers * (prefetchFactor == 0 ? 2 : prefetchFactor);
    }
}
