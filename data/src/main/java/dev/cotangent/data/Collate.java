package dev.cotangent.data;

import java.util.ArrayList;
import java.util.List;

/**
 * How samples become a batch; PyTorch's {@code collate_fn}. A loader's workers call it from several threads.
 *
 * @param <T> the type of a sample
 * @param <B> the type of a batch
 */
@FunctionalInterface
public interface Collate<T, B> {
    /** Returns the batch of at least one sample. */
    B apply(List<? extends T> samples);

    /**
     * Returns PyTorch's {@code default_collate}: tensors of one shape are stacked along a new first dimension, in the dtype
     * that they have in common; arrays, NdArrays and numbers become tensors (long, int, short and byte int64, double float64,
     * float float32, boolean bool); strings stay a list. Lists of one length become a list of batches, maps a map of batches with the keys of the first sample,
     * records a record of batches, or a map by component where the record's components cannot hold them.
     */
    static Collate<Object, Object> standard() {
        return Collation::untyped;
    }

    /**
     * Returns {@link #standard} for samples whose batches are of the samples' own type: tensors, and lists, maps and records of
     * them. Numbers and strings, whose batches are not, raise a TypeException.
     */
    static <T> Collate<T, T> same() {
        return Collation::typed;
    }

    /** Returns the samples as they are. */
    static <T> Collate<T, List<T>> list() {
        return ArrayList::new;
    }
}
