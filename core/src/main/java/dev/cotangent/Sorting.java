package dev.cotangent;

import dev.cotangent.op.SortOps;
import dev.cotangent.op.UniqueOps;
import org.jspecify.annotations.Nullable;

/**
 * Sorting along a dimension and what a sorted order tells. NaN counts as largest; equal elements stay in their order.
 * Indices are int64, along the dimension; values have gradients.
 */
public sealed interface Sorting permits Tensor {
    /** Sorted along the last dimension; {@code torch.sort}. */
    default ValuesIndices sort() {
        return sort(-1, false, false);
    }

    /** Sorted along a dimension; {@code torch.sort}. */
    default ValuesIndices sort(long dim) {
        return sort(dim, false, false);
    }

    /** Sorted along a dimension, upwards or downwards; {@code torch.sort}. */
    default ValuesIndices sort(long dim, boolean descending) {
        return sort(dim, descending, false);
    }

    /** {@link #sort(long, boolean)}; it is stable in any case. {@code torch.sort}. */
    default ValuesIndices sort(long dim, boolean descending, boolean stable) {
        return SortOps.sort((Tensor) this, dim, descending, stable);
    }

    /** The indices that sort along the last dimension; {@code torch.argsort}. */
    default Tensor argsort() {
        return argsort(-1, false);
    }

    /** The indices that sort along a dimension; {@code torch.argsort}. */
    default Tensor argsort(long dim) {
        return argsort(dim, false);
    }

    /** The indices that sort along a dimension; {@code torch.argsort}. */
    default Tensor argsort(long dim, boolean descending) {
        return SortOps.sort(((Tensor) this).detach(), dim, descending, true).indices();
    }

    /** {@link #argsort(long, boolean)}; it is stable in any case. {@code torch.argsort}. */
    default Tensor argsort(long dim, boolean descending, boolean stable) {
        return argsort(dim, descending);
    }

    /** Sorted along the first dimension; {@code torch.msort}. */
    default Tensor msort() {
        return sort(0).values();
    }

    /** The {@code k} largest along the last dimension, in order; {@code torch.topk}. */
    default ValuesIndices topk(long k) {
        return topk(k, -1, true, true);
    }

    /** The {@code k} largest (or smallest) along a dimension, in order even if not asked for; {@code torch.topk}. */
    default ValuesIndices topk(long k, long dim, boolean largest, boolean sorted) {
        return SortOps.topk((Tensor) this, k, dim, largest);
    }

    /** The {@code k}-th smallest along the last dimension, counted from 1; {@code torch.kthvalue}. */
    default ValuesIndices kthvalue(long k) {
        return kthvalue(k, -1, false);
    }

    /** The {@code k}-th smallest along a dimension, counted from 1; {@code torch.kthvalue}. */
    default ValuesIndices kthvalue(long k, long dim, boolean keepdim) {
        return SortOps.kthvalue((Tensor) this, k, dim, keepdim);
    }

    /** The median of all elements, of two in the middle the lower; NaN where one is. {@code torch.median}. */
    default Tensor median() {
        return SortOps.median((Tensor) this, false);
    }

    /** The median along a dimension; {@code torch.median}. */
    default ValuesIndices median(long dim) {
        return median(dim, false);
    }

    /** The median along a dimension; {@code torch.median}. */
    default ValuesIndices median(long dim, boolean keepdim) {
        return SortOps.median((Tensor) this, dim, keepdim, false);
    }

    /** The median of all elements that are not NaN; {@code torch.nanmedian}. */
    default Tensor nanmedian() {
        return SortOps.median((Tensor) this, true);
    }

    /** The median along a dimension of the elements that are not NaN; {@code torch.nanmedian}. */
    default ValuesIndices nanmedian(long dim, boolean keepdim) {
        return SortOps.median((Tensor) this, dim, keepdim, true);
    }

    /** The most frequent along the last dimension, the smallest of several; {@code torch.mode}. */
    default ValuesIndices mode() {
        return mode(-1, false);
    }

    /** The most frequent along a dimension, the smallest of several; {@code torch.mode}. */
    default ValuesIndices mode(long dim, boolean keepdim) {
        return SortOps.mode((Tensor) this, dim, keepdim);
    }

    /** The value below which a part {@code q} of all elements lies; {@code torch.quantile}. */
    default Tensor quantile(double q) {
        return quantile(q, null, false, "linear");
    }

    /**
     * The value along a dimension (null: of all elements) below which a part {@code q} lies; {@code torch.quantile}.
     * Float32 and float64.
     *
     * @param q from 0 to 1
     * @param dim the dimension
     * @param keepdim whether it stays, with size 1
     * @param interpolation between two elements: linear, lower, higher, midpoint or nearest
     */
    default Tensor quantile(double q, @Nullable Long dim, boolean keepdim, String interpolation) {
        return SortOps.quantile((Tensor) this, q, dim, keepdim, interpolation, false);
    }

    /** {@link #quantile(double, Long, boolean, String)} for several parts: a first dimension. {@code torch.quantile}. */
    default Tensor quantile(Tensor q, @Nullable Long dim, boolean keepdim, String interpolation) {
        return SortOps.quantile((Tensor) this, q, dim, keepdim, interpolation, false);
    }

    /** {@link #quantile(double, Long, boolean, String)} of the elements that are not NaN; {@code torch.nanquantile}. */
    default Tensor nanquantile(double q, @Nullable Long dim, boolean keepdim, String interpolation) {
        return SortOps.quantile((Tensor) this, q, dim, keepdim, interpolation, true);
    }

    /** {@link #quantile(Tensor, Long, boolean, String)} of the elements that are not NaN; {@code torch.nanquantile}. */
    default Tensor nanquantile(Tensor q, @Nullable Long dim, boolean keepdim, String interpolation) {
        return SortOps.quantile((Tensor) this, q, dim, keepdim, interpolation, true);
    }

    /** The different elements, sorted; {@code torch.unique}. */
    default Tensor unique() {
        return unique(true, false, false, null).output();
    }

    /** The different elements, or slices along a dimension, sorted in any case; {@code torch.unique}. */
    default Unique unique(boolean sorted, boolean returnInverse, boolean returnCounts, @Nullable Long dim) {
        return UniqueOps.unique((Tensor) this, returnInverse, returnCounts, dim);
    }

    /** The elements without those that equal the one before; {@code torch.unique_consecutive}. */
    default Tensor uniqueConsecutive() {
        return uniqueConsecutive(false, false, null).output();
    }

    /** The elements, or slices along a dimension, without those that equal the one before; {@code torch.unique_consecutive}. */
    default Unique uniqueConsecutive(boolean returnInverse, boolean returnCounts, @Nullable Long dim) {
        return UniqueOps.consecutive((Tensor) this, returnInverse, returnCounts, dim);
    }
}
