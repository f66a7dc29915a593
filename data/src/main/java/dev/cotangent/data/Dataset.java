package dev.cotangent.data;

import dev.cotangent.Generator;
import dev.cotangent.internal.Arguments;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * Samples that are found by their index; PyTorch's {@code torch.utils.data.Dataset}. Open: yours has a {@link #size} and a
 * {@link #get}. The workers of a {@link DataLoader} call {@code get} from several threads at once.
 *
 * @param <T> the type of a sample
 */
public interface Dataset<T> {
    /** Returns the number of samples; {@code __len__}. */
    long size();

    /** Returns a sample, from 0 to {@code size() - 1}; {@code __getitem__}. */
    T get(long index);

    /**
     * Returns several samples at once; {@code __getitems__}. A dataset that reads many samples faster together overrides it; a
     * {@link DataLoader} calls it for a batch where {@link #fetchesTogether} says so.
     */
    default List<T> getAll(long... indices) {
        List<T> all = new ArrayList<>(indices.length);
        for (long i : indices) all.add(get(i));
        return all;
    }

    /** Returns whether {@link #getAll} is faster than single calls of {@link #get}. */
    default boolean fetchesTogether() {
        return false;
    }

    /** Returns a dataset whose samples are computed from this one's, each time they are asked for. */
    default <R> Dataset<R> map(Function<? super T, ? extends R> function) {
        Arguments.notNull("map", "function", function);
        return new MappedDataset<>(this, function);
    }

    /** Returns the samples of these indices; {@link Subset}. */
    default Subset<T> subset(long... indices) {
        return new Subset<>(this, indices);
    }

    /** Returns the samples of this dataset followed by those of another; {@link ConcatDataset}. */
    default ConcatDataset<T> concat(Dataset<? extends T> other) {
        return new ConcatDataset<>(List.of(this, other));
    }

    /** Splits at random into datasets of these sizes; {@link #randomSplit(Generator, long...)} of the default generator. */
    default List<Subset<T>> randomSplit(long... lengths) {
        return randomSplit(Generator.standard(), lengths);
    }

    /**
     * Splits at random into datasets of these sizes, which must add up to {@link #size}; {@code
     * torch.utils.data.random_split}. With {@link Generator#pytorch} the order is PyTorch's.
     */
    default List<Subset<T>> randomSplit(Generator generator, long... lengths) {
        return Splits.random(this, generator, lengths);
    }

    /** Splits at random into these fractions; {@link #randomSplit(Generator, double...)} of the default generator. */
    default List<Subset<T>> randomSplit(double... fractions) {
        return randomSplit(Generator.standard(), fractions);
    }

    /**
     * Splits at random into fractions of 0 to 1, which must add up to 1; what rounding leaves goes to the first ones, a sample
     * each. {@code torch.utils.data.random_split}.
     */
    default List<Subset<T>> randomSplit(Generator generator, double... fractions) {
        return Splits.random(this, generator, Splits.lengths(size(), fractions));
    }

    /** Returns a dataset of the elements of a list, which it shares. */
    static <T> Dataset<T> of(List<? extends T> samples) {
        Arguments.notNull("Dataset.of", "samples", samples);
        return new Dataset<>() {
            @Override
            public long size() {
                return samples.size();
            }

            @Override
            public T get(long index) {
                return samples.get((int) Splits.checked(index, size(), "Dataset"));
            }

            @Override
            public String toString() {
                return "Dataset(size=" + size() + ")";
            }
        };
    }

    /** Returns a dataset of {@code size} samples that a function makes of their indices. */
    static <T> Dataset<T> of(long size, LongFunction<? extends T> samples) {
        Arguments.notNull("Dataset.of", "samples", samples);
        Splits.checkSize(size);
        return new Dataset<>() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public T get(long index) {
                return samples.apply(Splits.checked(index, size, "Dataset"));
            }

            @Override
            public String toString() {
                return "Dataset(size=" + size + ")";
            }
        };
    }
}
