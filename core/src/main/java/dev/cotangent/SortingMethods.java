package dev.cotangent;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.reduction.SortOps;
import dev.cotangent.internal.ops.reduction.UniqueOps;

/**
 * Sorting along a dimension and what a sorted order tells. NaN counts as largest; equal elements stay in their order.
 * Indices are int64, along the dimension; values have gradients.
 */
sealed interface SortingMethods permits Tensor {
    /** Sorted along the last dimension; {@code torch.sort}. */
    default ValuesIndices sort() {
        return sort(-1, false, false);
    }

    /** Sorted along a dimension; {@code torch.sort}. */
    default ValuesIndices sort(int dim) {
        return sort(dim, false, false);
    }

    /** Sorted along a dimension, upwards or downwards; {@code torch.sort}. */
    default ValuesIndices sort(int dim, boolean descending) {
        return sort(dim, descending, false);
    }

    /** {@link #sort(int, boolean)}; it is stable in any case. {@code torch.sort}. */
    default ValuesIndices sort(int dim, boolean descending, boolean stable) {
        return SortOps.sort((Tensor) this, dim, descending, stable);
    }

    /** The indices that sort along the last dimension; {@code torch.argsort}. */
    default Tensor argsort() {
        return argsort(-1, false);
    }

    /** The indices that sort along a dimension; {@code torch.argsort}. */
    default Tensor argsort(int dim) {
        return argsort(dim, false);
    }

    /** The indices that sort along a dimension; {@code torch.argsort}. */
    default Tensor argsort(int dim, boolean descending) {
        return SortOps.sort(((Tensor) this).detach(), dim, descending, true).indices();
    }

    /** {@link #argsort(int, boolean)}; it is stable in any case. {@code torch.argsort}. */
    default Tensor argsort(int dim, boolean descending, boolean stable) {
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

    /** Returns the {@code k} largest along a dimension, in order; {@code torch.topk}. */
    default ValuesIndices topk(long k, int dim) {
        return topk(k, dim, true, true);
    }

    /** Returns the {@code k} largest (or smallest) along a dimension, in order; {@code torch.topk}. */
    default ValuesIndices topk(long k, int dim, boolean largest) {
        return topk(k, dim, largest, true);
    }

    /** The {@code k} largest (or smallest) along a dimension, in order even if not asked for; {@code torch.topk}. */
    default ValuesIndices topk(long k, int dim, boolean largest, boolean sorted) {
        return SortOps.topk((Tensor) this, k, dim, largest);
    }

    /** The {@code k}-th smallest along the last dimension, counted from 1; {@code torch.kthvalue}. */
    default ValuesIndices kthvalue(long k) {
        return kthvalue(k, -1, false);
    }

    /** The {@code k}-th smallest along a dimension, counted from 1; {@code torch.kthvalue}. */
    default ValuesIndices kthvalue(long k, int dim) {
        return kthvalue(k, dim, false);
    }

    /** Returns the {@code k}-th smallest along a dimension, counted from 1; {@code torch.kthvalue}. */
    default ValuesIndices kthvalue(long k, int dim, boolean keepdim) {
        return SortOps.kthvalue((Tensor) this, k, dim, keepdim);
    }

    /** The median of all elements, of two in the middle the lower; NaN where one is. {@code torch.median}. */
    default Tensor median() {
        return SortOps.median((Tensor) this, false);
    }

    /** The median along a dimension; {@code torch.median}. */
    default ValuesIndices median(int dim) {
        return median(dim, false);
    }

    /** The median along a dimension; {@code torch.median}. */
    default ValuesIndices median(int dim, boolean keepdim) {
        return SortOps.median((Tensor) this, dim, keepdim, false);
    }

    /** The median of all elements that are not NaN; {@code torch.nanmedian}. */
    default Tensor nanmedian() {
        return SortOps.median((Tensor) this, true);
    }

    /** The median along a dimension of the elements that are not NaN; {@code torch.nanmedian}. */
    default ValuesIndices nanmedian(int dim) {
        return nanmedian(dim, false);
    }

    /** Returns the median along a dimension of the elements that are not NaN; {@code torch.nanmedian}. */
    default ValuesIndices nanmedian(int dim, boolean keepdim) {
        return SortOps.median((Tensor) this, dim, keepdim, true);
    }

    /** The most frequent along the last dimension, the smallest of several; {@code torch.mode}. */
    default ValuesIndices mode() {
        return mode(-1, false);
    }

    /** The most frequent along a dimension, the smallest of several; {@code torch.mode}. */
    default ValuesIndices mode(int dim) {
        return mode(dim, false);
    }

    /** Returns the most frequent along a dimension, the smallest of several; {@code torch.mode}. */
    default ValuesIndices mode(int dim, boolean keepdim) {
        return SortOps.mode((Tensor) this, dim, keepdim);
    }

    // Quantiles

    /** Returns the quantile {@code q}, from 0 to 1, of all elements, interpolated linearly; {@code torch.quantile}. */
    default Tensor quantile(double q) {
        return SortOps.quantile((Tensor) this, q, null, false, Interpolation.LINEAR, false);
    }

    /** Returns the quantile {@code q} of all elements; {@code torch.quantile}. */
    default Tensor quantile(double q, boolean keepdim, Interpolation interpolation) {
        Arguments.notNull("quantile", "interpolation", interpolation);
        return SortOps.quantile((Tensor) this, q, null, keepdim, interpolation, false);
    }

    /** Returns the quantile {@code q} along a dimension; {@code torch.quantile}. */
    default Tensor quantile(double q, int dim) {
        return quantile(q, dim, false, Interpolation.LINEAR);
    }

    /** Returns the quantile {@code q} along a dimension; {@code torch.quantile}. */
    default Tensor quantile(double q, int dim, boolean keepdim) {
        return quantile(q, dim, keepdim, Interpolation.LINEAR);
    }

    /** Returns the quantile {@code q} along a dimension; {@code torch.quantile}. Float32 and float64. */
    default Tensor quantile(double q, int dim, boolean keepdim, Interpolation interpolation) {
        Arguments.notNull("quantile", "interpolation", interpolation);
        return SortOps.quantile((Tensor) this, q, dim, keepdim, interpolation, false);
    }

    /** {@link #quantile(double, int, boolean, Interpolation)} by the mode's name. */
    default Tensor quantile(double q, int dim, boolean keepdim, String interpolation) {
        return quantile(q, dim, keepdim, Interpolation.of(interpolation));
    }

    /** Returns the quantile {@code q}, from 0 to 1, of all elements for each q: a first dimension, interpolated linearly; {@code torch.quantile}. */
    default Tensor quantile(Tensor q) {
        return SortOps.quantile(
                (Tensor) this, Arguments.notNull("quantile", "q", q), null, false, Interpolation.LINEAR, false);
    }

    /** Returns the quantile {@code q} of all elements for each q: a first dimension; {@code torch.quantile}. */
    default Tensor quantile(Tensor q, boolean keepdim, Interpolation interpolation) {
        Arguments.notNull("quantile", "interpolation", interpolation);
        return SortOps.quantile(
                (Tensor) this, Arguments.notNull("quantile", "q", q), null, keepdim, interpolation, false);
    }

    /** Returns the quantile {@code q} along a dimension for each q: a first dimension; {@code torch.quantile}. */
    default Tensor quantile(Tensor q, int dim) {
        return quantile(q, dim, false, Interpolation.LINEAR);
    }

    /** Returns the quantile {@code q} along a dimension for each q: a first dimension; {@code torch.quantile}. */
    default Tensor quantile(Tensor q, int dim, boolean keepdim) {
        return quantile(q, dim, keepdim, Interpolation.LINEAR);
    }

    /** Returns the quantile {@code q} along a dimension for each q: a first dimension; {@code torch.quantile}. Float32 and float64. */
    default Tensor quantile(Tensor q, int dim, boolean keepdim, Interpolation interpolation) {
        Arguments.notNull("quantile", "interpolation", interpolation);
        return SortOps.quantile(
                (Tensor) this, Arguments.notNull("quantile", "q", q), dim, keepdim, interpolation, false);
    }

    /** {@link #quantile(Tensor, int, boolean, Interpolation)} by the mode's name. */
    default Tensor quantile(Tensor q, int dim, boolean keepdim, String interpolation) {
        Arguments.notNull("quantile", "q", q);
        return quantile(q, dim, keepdim, Interpolation.of(interpolation));
    }

    /** Returns the quantile {@code q}, from 0 to 1, of all elements that are not NaN, interpolated linearly; {@code torch.nanquantile}. */
    default Tensor nanquantile(double q) {
        return SortOps.quantile((Tensor) this, q, null, false, Interpolation.LINEAR, true);
    }

    /** Returns the quantile {@code q} of all elements that are not NaN; {@code torch.nanquantile}. */
    default Tensor nanquantile(double q, boolean keepdim, Interpolation interpolation) {
        Arguments.notNull("nanquantile", "interpolation", interpolation);
        return SortOps.quantile((Tensor) this, q, null, keepdim, interpolation, true);
    }

    /** Returns the quantile {@code q} along a dimension of the elements that are not NaN; {@code torch.nanquantile}. */
    default Tensor nanquantile(double q, int dim) {
        return nanquantile(q, dim, false, Interpolation.LINEAR);
    }

    /** Returns the quantile {@code q} along a dimension of the elements that are not NaN; {@code torch.nanquantile}. */
    default Tensor nanquantile(double q, int dim, boolean keepdim) {
        return nanquantile(q, dim, keepdim, Interpolation.LINEAR);
    }

    /** Returns the quantile {@code q} along a dimension of the elements that are not NaN; {@code torch.nanquantile}. Float32 and float64. */
    default Tensor nanquantile(double q, int dim, boolean keepdim, Interpolation interpolation) {
        Arguments.notNull("nanquantile", "interpolation", interpolation);
        return SortOps.quantile((Tensor) this, q, dim, keepdim, interpolation, true);
    }

    /** {@link #nanquantile(double, int, boolean, Interpolation)} by the mode's name. */
    default Tensor nanquantile(double q, int dim, boolean keepdim, String interpolation) {
        return nanquantile(q, dim, keepdim, Interpolation.of(interpolation));
    }

    /** Returns the quantile {@code q}, from 0 to 1, of all elements that are not NaN for each q: a first dimension, interpolated linearly; {@code torch.nanquantile}. */
    default Tensor nanquantile(Tensor q) {
        return SortOps.quantile(
                (Tensor) this, Arguments.notNull("nanquantile", "q", q), null, false, Interpolation.LINEAR, true);
    }

    /** Returns the quantile {@code q} of all elements that are not NaN for each q: a first dimension; {@code torch.nanquantile}. */
    default Tensor nanquantile(Tensor q, boolean keepdim, Interpolation interpolation) {
        Arguments.notNull("nanquantile", "interpolation", interpolation);
        return SortOps.quantile(
                (Tensor) this, Arguments.notNull("nanquantile", "q", q), null, keepdim, interpolation, true);
    }

    /** Returns the quantile {@code q} along a dimension of the elements that are not NaN for each q: a first dimension; {@code torch.nanquantile}. */
    default Tensor nanquantile(Tensor q, int dim) {
        return nanquantile(q, dim, false, Interpolation.LINEAR);
    }

    /** Returns the quantile {@code q} along a dimension of the elements that are not NaN for each q: a first dimension; {@code torch.nanquantile}. */
    default Tensor nanquantile(Tensor q, int dim, boolean keepdim) {
        return nanquantile(q, dim, keepdim, Interpolation.LINEAR);
    }

    /** Returns the quantile {@code q} along a dimension of the elements that are not NaN for each q: a first dimension; {@code torch.nanquantile}. Float32 and float64. */
    default Tensor nanquantile(Tensor q, int dim, boolean keepdim, Interpolation interpolation) {
        Arguments.notNull("nanquantile", "interpolation", interpolation);
        return SortOps.quantile(
                (Tensor) this, Arguments.notNull("nanquantile", "q", q), dim, keepdim, interpolation, true);
    }

    /** {@link #nanquantile(Tensor, int, boolean, Interpolation)} by the mode's name. */
    default Tensor nanquantile(Tensor q, int dim, boolean keepdim, String interpolation) {
        Arguments.notNull("nanquantile", "q", q);
        return nanquantile(q, dim, keepdim, Interpolation.of(interpolation));
    }

    /** The different elements, sorted; {@code torch.unique}. */
    default Tensor unique() {
        return unique(true, false, false).output();
    }

    /** Returns the different elements, sorted in any case; {@code torch.unique}. */
    default Unique unique(boolean sorted, boolean returnInverse, boolean returnCounts) {
        return UniqueOps.unique((Tensor) this, returnInverse, returnCounts, null);
    }

    /** Returns the different slices along a dimension, sorted in any case; {@code torch.unique}. */
    default Unique unique(boolean sorted, boolean returnInverse, boolean returnCounts, int dim) {
        return UniqueOps.unique((Tensor) this, returnInverse, returnCounts, dim);
    }

    /** The elements without those that equal the one before; {@code torch.unique_consecutive}. */
    default Tensor uniqueConsecutive() {
        return uniqueConsecutive(false, false).output();
    }

    /** Returns the elements without those that equal the one before; {@code torch.unique_consecutive}. */
    default Unique uniqueConsecutive(boolean returnInverse, boolean returnCounts) {
        return UniqueOps.consecutive((Tensor) this, returnInverse, returnCounts, null);
    }

    /** Returns the slices along a dimension without those that equal the one before; {@code torch.unique_consecutive}. */
    default Unique uniqueConsecutive(boolean returnInverse, boolean returnCounts, int dim) {
        return UniqueOps.consecutive((Tensor) this, returnInverse, returnCounts, dim);
    }
}
