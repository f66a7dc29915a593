package dev.cotangent.data;

import dev.cotangent.Generator;
import dev.cotangent.internal.Arguments;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A sequence of samples, such as the rows of a file larger than memory; PyTorch's
 * {@code torch.utils.data.IterableDataset}. Open: yours has an {@link #iterator}, which starts at the beginning and,
 * where it holds a file, is a {@link SampleIterator}.
 *
 * <p>The workers of a {@link DataLoader} take turns at one iterator, a batch each, so that no sample comes twice and
 * their order is that of the dataset; the functions of {@link #map} run in the workers in parallel. In PyTorch each
 * worker has a copy of the dataset, which has to be told which part is its own.
 *
 * @param <T> the type of a sample
 */
@FunctionalInterface
public interface IterableDataset<T> extends Iterable<T> {
    /** Returns the samples from the beginning. */
    @Override
    Iterator<T> iterator();

    /** Returns a stream of the samples passed through a function, which a loader's workers call side by side. */
    default <R> IterableDataset<R> map(Function<? super T, ? extends R> function) {
        Arguments.notNull("map", "function", function);
        return new Streams.Mapped<>(this, function);
    }

    /** Returns a stream of the samples for which a condition holds. */
    default IterableDataset<T> filter(Predicate<? super T> condition) {
        Arguments.notNull("filter", "condition", condition);
        return () -> Streams.filter(iterator(), condition);
    }

    /** Returns a stream of at most {@code most} samples. */
    default IterableDataset<T> limit(long most) {
        Splits.checkSize(most);
        return () -> Streams.limit(iterator(), most);
    }

    /** Returns the samples of this stream followed by those of another; {@code torch.utils.data.ChainDataset}. */
    default IterableDataset<T> chain(IterableDataset<? extends T> other) {
        Arguments.notNull("chain", "other", other);
        return () -> Streams.chain(List.of(this, other));
    }

    /** Returns {@link #shuffle(int, Generator)} by the generator that is the default one when the iteration starts. */
    default IterableDataset<T> shuffle(int bufferSize) {
        Streams.checkBuffer(bufferSize);
        return () -> Streams.shuffle(iterator(), bufferSize, Generator.standard());
    }

    /**
     * Returns a stream in random order, as far as a buffer allows: each sample is one of the next {@code bufferSize}. Of the
     * data only the buffer is in memory.
     */
    default IterableDataset<T> shuffle(int bufferSize, Generator generator) {
        Arguments.notNull("shuffle", "generator", generator);
        Streams.checkBuffer(bufferSize);
        return () -> Streams.shuffle(iterator(), bufferSize, generator);
    }

    /** Returns a stream of the samples of an iterable, such as a list. */
    static <T> IterableDataset<T> of(Iterable<T> samples) {
        Arguments.notNull("IterableDataset.of", "samples", samples);
        return samples::iterator;
    }
}
