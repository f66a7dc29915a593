package dev.cotangent.data;

import dev.cotangent.internal.Arguments;
import java.util.List;

/**
 * The samples of another dataset at chosen indices; PyTorch's {@code torch.utils.data.Subset}. Immutable.
 *
 * @param <T> the type of a sample
 */
public final class Subset<T> implements Dataset<T> {
    private final Dataset<T> dataset;
    private final long[] indices;

    /**
     * Creates a subset.
     *
     * @param dataset the whole
     * @param indices of the samples of the subset, in its order
     * @throws dev.cotangent.IndexException if an index is none of the dataset
     */
    public Subset(Dataset<T> dataset, long... indices) {
        this.dataset = Arguments.notNull("Subset", "dataset", dataset);
        this.indices = Arguments.notNull("Subset", "indices", indices).clone();
        for (int i = 0; i < indices.length; i++)
            this.indices[i] = Splits.checked(indices[i], dataset.size(), "dataset");
    }

    /** Returns the whole. */
    public Dataset<T> dataset() {
        return dataset;
    }

    /** Returns the indices in the whole, as a new array. */
    public long[] indices() {
        return indices.clone();
    }

    @Override
    public long size() {
        return indices.length;
    }

    @Override
    public T get(long index) {
        return dataset.get(indices[(int) Splits.checked(index, indices.length, "Subset")]);
    }

    @Override
    public List<T> getAll(long... wanted) {
        long[] inner = new long[wanted.length];
        for (int i = 0; i < inner.length; i++)
            inner[i] = indices[(int) Splits.checked(wanted[i], indices.length, "Subset")];
        return dataset.getAll(inner);
    }

    @Override
    public boolean fetchesTogether() {
        return dataset.fetchesTogether();
    }

    /** Returns {@code Subset(size=8)}. */
    @Override
    public String toString() {
        return "Subset(size=" + indices.length + ")";
    }
}
