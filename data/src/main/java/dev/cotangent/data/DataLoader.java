package dev.cotangent.data;

import dev.cotangent.Generator;
import dev.cotangent.Scope;
import dev.cotangent.TypeException;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Arguments;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Batches of the samples of a dataset, made ahead by worker threads where wanted; PyTorch's {@code
 * torch.utils.data.DataLoader}.
 *
 * {@snippet :
 * try (var loader = DataLoader.of(dataset, DataLoader.options().batchSize(64).shuffle(true).numWorkers(2))) {
 *     for (int epoch = 0; epoch < 10; epoch++) {
 *         for (Example<Tensor> batch : loader) train(batch.input(), batch.target());
 *     }
 * }
 * }
 *
 * <p><b>Order.</b> Batches come in the order of the sampler, whatever the number of workers. With {@link Generator#pytorch}, as
 * the option or as the default generator, a shuffled loader has PyTorch's order, epoch by epoch.
 *
 * <p><b>Workers</b> are platform threads: decoding and collating keep a core busy, which virtual threads do not share fairly,
 * and there are few of them; {@link DataLoaderOptions#threadFactory} takes others. Batch {@code k} is made by worker {@code k mod
 * n}, with a generator of its own that is seeded by the loader's, so that random transforms give the same numbers in every run.
 * The threads end with the epoch, when an iterator that was left early is no longer referred to, or with {@link #close}, after
 * the sample that they are at; the JVM does not wait for them.
 *
 * <p><b>Errors.</b> An exception of a dataset or a collate function is raised as the cause of a {@link LoaderException}, which names
 * the sample and the batch, by the {@code next} that would have returned that batch. The following batches can be taken still.
 *
 * <p><b>Scopes.</b> A batch belongs to no {@link Scope}, with workers or without, since its tensors may be the dataset's own:
 * no scope frees it, and Java's collector does when nobody refers to it. Copies to a {@link DataLoaderOptions#device} are new
 * and belong to the scope in which {@code next} returns them.
 *
 * @param <B> the type of a batch
 */
public final class DataLoader<B> implements Iterable<B>, AutoCloseable {
    private final DataLoaderOptions options;
    private final Supplier<Epoch<B>> epochs;
    private final @Nullable BatchSampler batches;
    private final Set<LoaderWorkers> pools = ConcurrentHashMap.newKeySet();
    private final Set<Epoch<?>> running = ConcurrentHashMap.newKeySet();
    private @Nullable LoaderWorkers persistent;
    private boolean closed;

    private DataLoader(DataLoaderOptions options, @Nullable BatchSampler batches, Supplier<Epoch<B>> epochs) {
        this.options = options;
        this.batches = batches;
        this.epochs = epochs;
        // An iterator refers to no loader, and ends its own workers: only persistent ones are left.
        Set<LoaderWorkers> open = pools;
        if (options.persistentWorkers()) {
            LoaderIterator.CLEANER.register(this, () -> open.forEach(LoaderWorkers::shutdown));
        }
    }

    /** Returns PyTorch's defaults: batches of one sample in order, made by the calling thread. */
    public static DataLoaderOptions options() {
        return DataLoaderOptions.DEFAULT;
    }

    /** Returns a loader whose batches are of the samples' type, by {@link Collate#same}. */
    public static <T> DataLoader<T> of(Dataset<T> dataset, DataLoaderOptions options) {
        return of(dataset, Collate.same(), options);
    }

    /** Returns a loader that makes batches by a function. */
    public static <T, B> DataLoader<B> of(
            Dataset<T> dataset, Collate<? super T, ? extends B> collate, DataLoaderOptions options) {
        Arguments.notNull("DataLoader", "collate_fn", collate);
        return indexed(dataset, collate, options);
    }

    /** Returns a loader of single samples as they are; PyTorch's {@code batch_size=None}. */
    public static <T> DataLoader<T> samples(Dataset<T> dataset, DataLoaderOptions options) {
        return indexed(dataset, null, options);
    }

    /** Returns a loader of a stream whose batches are of the samples' type, by {@link Collate#same}. */
    public static <T> DataLoader<T> of(IterableDataset<T> dataset, DataLoaderOptions options) {
        return of(dataset, Collate.same(), options);
    }

    /** Returns a loader of a stream that makes batches by a function. */
    public static <T, B> DataLoader<B> of(
            IterableDataset<T> dataset, Collate<? super T, ? extends B> collate, DataLoaderOptions options) {
        Arguments.notNull("DataLoader", "collate_fn", collate);
        return streamed(dataset, collate, options);
    }

    /** Returns a loader of the single samples of a stream; PyTorch's {@code batch_size=None}. */
    public static <T> DataLoader<T> samples(IterableDataset<T> dataset, DataLoaderOptions options) {
        return streamed(dataset, null, options);
    }

    private static <T, B> DataLoader<B> indexed(
            Dataset<T> dataset, @Nullable Collate<? super T, ? extends B> collate, DataLoaderOptions options) {
        Arguments.notNull("DataLoader", "dataset", dataset);
        check(options);
        Sampler sampler = options.sampler();
        if (sampler != null && options.shuffle()) {
            throw new ValueException("sampler option is mutually exclusive with shuffle");
        }
        BatchSampler batches = options.batchSampler();
        if (batches != null
                && (options.batchSize() != 1 || options.shuffle() || sampler != null || options.dropLast())) {
            throw new ValueException(
                    "batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last");
        }
        if (collate == null && (batches != null || options.dropLast() || options.batchSize() != 1)) {
            throw new ValueException("batch_size=None option disables auto-batching and is mutually exclusive with"
                    + " batch_size, batch_sampler and drop_last");
        }
        if (batches == null) {
            Generator generator = options.generator();
            if (sampler == null && options.shuffle()) {
                RandomSampler random = new RandomSampler(dataset);
                sampler = generator == null ? random : random.generator(generator);
            } else if (sampler == null) {
                sampler = new SequentialSampler(dataset);
            }
            batches = BatchSampler.of(sampler, options.batchSize(), options.dropLast());
        }
        BatchSampler chosen = batches;
        return new DataLoader<>(options, chosen, () -> new Epoch.Indexed<>(dataset, chosen.iterator(), collate));
    }

    private static <T, B> DataLoader<B> streamed(
            IterableDataset<T> dataset, @Nullable Collate<? super T, ? extends B> collate, DataLoaderOptions options) {
        Arguments.notNull("DataLoader", "dataset", dataset);
        check(options);
        if (options.shuffle()) {
            throw new ValueException("DataLoader with IterableDataset: expected unspecified shuffle option, but got"
                    + " shuffle=True. Shuffle the stream by its shuffle(bufferSize)");
        }
        if (options.sampler() != null || options.batchSampler() != null) {
            throw new ValueException("DataLoader with IterableDataset: expected unspecified "
                    + (options.sampler() != null ? "sampler" : "batch_sampler")
                    + " option: a stream has no indices");
        }
        if (collate == null && (options.dropLast() || options.batchSize() != 1)) {
            throw new ValueException("batch_size=None option disables auto-batching and is mutually exclusive with"
                    + " batch_size and drop_last");
        }
        return new DataLoader<>(options, null, () -> stream(dataset, collate, options));
    }

    private static <T, B> Epoch<B> stream(
            IterableDataset<T> dataset, @Nullable Collate<? super T, ? extends B> collate, DataLoaderOptions options) {
        if (dataset instanceof Streams.Mapped<?, T> mapped) return stream(mapped, collate, options);
        return new Epoch.Streamed<T, T, B>(
                dataset.iterator(), s -> s, options.batchSize(), options.dropLast(), collate);
    }

    /** Takes the last functions of a stream off, for the workers to apply. */
    private static <S, T, B> Epoch<B> stream(
            Streams.Mapped<S, T> mapped, @Nullable Collate<? super T, ? extends B> collate, DataLoaderOptions options) {
        if (mapped.source() instanceof Streams.Mapped<?, S> inner) {
            return stream(compose(inner, mapped.function()), collate, options);
        }
        return new Epoch.Streamed<>(
                mapped.source().iterator(), mapped.function(), options.batchSize(), options.dropLast(), collate);
    }

    private static <R, S, T> Streams.Mapped<R, T> compose(
            Streams.Mapped<R, S> inner, Function<? super S, ? extends T> outer) {
        return new Streams.Mapped<>(
                inner.source(), r -> outer.apply(inner.function().apply(r)));
    }

    private static void check(DataLoaderOptions options) {
        Arguments.notNull("DataLoader", "options", options);
        if (options.numWorkers() == 0) {
            if (options.prefetchFactor() > 0) {
                throw new ValueException("prefetch_factor option could only be specified in multiprocessing. Let"
                        + " numWorkers > 0 to make batches ahead");
            }
            if (options.persistentWorkers())
                throw new ValueException("persistent_workers option needs num_workers > 0");
            if (!options.timeout().isZero()) throw new ValueException("timeout option needs num_workers > 0");
        }
    }

    /** Returns the number of batches of an epoch; PyTorch's {@code len}. A stream has none: TypeException. */
    public long size() {
        if (batches == null) {
            throw new TypeException("object of type 'IterableDataset' has no len(): a loader of a stream has no size");
        }
        return batches.size();
    }

    /**
     * Begins an epoch. The iterator may be closed to end early; a {@code for} statement need not. With persistent
     * workers it ends an epoch that was left early.
     */
    @Override
    public SampleIterator<B> iterator() {
        Generator given = options.generator();
        Generator generator = given == null ? Generator.standard() : given;
        synchronized (this) {
            if (closed) throw new LoaderException("the DataLoader is closed", -1, 0, -1, null);
            LoaderWorkers pool = null;
            // As PyTorch: every epoch draws a seed for its workers, persistent ones have theirs.
            if (persistent == null) {
                long baseSeed = Splits.seed(generator);
                if (options.numWorkers() > 0) pool = new LoaderWorkers(options, baseSeed, generator.isPyTorch(), pools);
                if (options.persistentWorkers()) persistent = pool;
            } else {
                pool = persistent;
                cancelAll();
            }
            try {
                Epoch<B> epoch = Scope.outside(epochs);
                return new LoaderIterator<>(options, epoch, running, pool);
            } catch (RuntimeException | Error e) {
                if (pool != null && !options.persistentWorkers()) pool.shutdown();
                throw e;
            }
        }
    }

    private void cancelAll() {
        for (Epoch<?> epoch : running.toArray(Epoch<?>[]::new)) epoch.cancel();
    }

    /** Ends the workers, after the samples that they are at. Iterations that are not over raise a {@link LoaderException}. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        cancelAll();
        for (LoaderWorkers pool : pools.toArray(LoaderWorkers[]::new)) {
            pool.shutdown();
            pool.join();
        }
    }

    /** Returns the options. */
    public DataLoaderOptions loaderOptions() {
        return options;
    }
}
