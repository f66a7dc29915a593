package dev.cotangent.data;

import dev.cotangent.IndexException;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Arguments;
import java.util.List;

/**
 * Several datasets as one; PyTorch's {@code torch.utils.data.ConcatDataset}. Sizes are read when it is made.
 *
 * @param <T> the type of a sample
 */
public final class ConcatDataset<T> implements Dataset<T> {
    private final List<Dataset<? extends T>> datasets;
    /** The number of samples up to the end of each dataset; {@code cumulative_sizes}. */
    private final long[] ends;

    /** Creates a dataset of at least one other. */
    public ConcatDataset(List<? extends Dataset<? extends T>> datasets) {
        Arguments.noNulls("ConcatDataset", "datasets", datasets);
        if (datasets.isEmpty()) throw new ValueException("datasets should not be an empty iterable");
        this.datasets = List.copyOf(datasets);
        ends = new long[datasets.size()];
        long sum = 0;
        for (int i = 0; i < ends.length; i++)
            ends[i] = sum = Math.addExact(sum, datasets.get(i).size());
    }

    /** Returns the datasets. */
    public List<Dataset<? extends T>> datasets() {
        return datasets;
    }

    /** Returns the number of samples up to the end of each dataset; {@code cumulative_sizes}. */
    public long[] cumulativeSizes() {
        return ends.clone();
    }

    @Override
    public long size() {
        return ends[ends.length - 1];
    }

    @Override
    public T get(long index) {
        if (index < -size()) {
            throw new IndexException("absolute value of index should not exceed dataset length: index " + index + " of "
                    + size() + " samples");
        }
        long at = Splits.checked(index, size(), "ConcatDataset");
        int i = 0;
        while (at >= ends[i]) i++;
        return datasets.get(i).get(i == 0 ? at : at - ends[i - 1]);
    }

    /** Returns {@code ConcatDataset(size=20, datasets=2)}. */
    @Override
    public String toString() {
        return "ConcatDataset(size=" + size() + ", datasets=" + datasets.size() + ")";
    }
}
