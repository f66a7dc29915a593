package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.reduction.SortOps;
import dev.cotangent.internal.ops.reduction.UniqueOps;

/**
 * Sorting along a dimension, and operations based on order. NaN sorts as largest; sorts are stable. Indices are
 * int64, along the dimension; values are differentiable.
 */
sealed interface SortingMethods permits Tensor {
    /** Sorts along the last dimension; {@code torch.sort}. */
    default ValuesIndices sort() {
        return sort(-1, false, false);
    }

    /** Sorts along a dimension; {@code torch.sort}. */
    default ValuesIndices sort(int dim) {
        return sort(dim, false, false);
    }

    /** Sorts along a dimension, ascending or descending; {@code torch.sort}. */
    default ValuesIndices sort(int dim, boolean descending) {
        return sort(dim, descending, false);
    }

    /** Works as {@link #sort(int, boolean)}, stable in any case. {@code torch.sort}. */
    default ValuesIndices sort(int dim, boolean descending, boolean stable) {
        return end(start("sort", this), SortOps.sort((Tensor) this, dim, descending, stable));
    }

    /** Returns the indices that sort along the last dimension; {@code torch.argsort}. */
    default Tensor argsort() {
        return argsort(-1, false);
    }

    /** Returns the indices that sort along a dimension; {@code torch.argsort}. */
    default Tensor argsort(int dim) {
        return argsort(dim, false);
    }

    /** Returns the indices that sort along a dimension; {@code torch.argsort}. */
    default Tensor argsort(int dim, boolean descending) {
        return end(
                start("argsort", this),
                SortOps.sort(((Tensor) this).detach(), dim, descending, true).indices());
    }

    /** Works as {@link #argsort(int, boolean)}, stable in any case. {@code torch.argsort}. */
    default Tensor argsort(int dim, boolean descending, boolean stable) {
        return argsort(dim, descending);
    }

    /** Sorts along the first dimension; {@code torch.msort}. */
    default Tensor msort() {
        return sort(0).values();
    }

    /** Returns the {@code k} largest elements along the last dimension, sorted; {@code torch.topk}. */
    default ValuesIndices topk(long k) {
        return topk(k, -1, true, true);
    }

    /** Returns the {@code k} largest elements along a dimension, sorted; {@code torch.topk}. */
    default ValuesIndices topk(long k, int dim) {
        return topk(k, dim, true, true);
    }

    /** Returns the {@code k} largest (or smallest) elements along a dimension, sorted; {@code torch.topk}. */
    default ValuesIndices topk(long k, int dim, boolean largest) {
        return topk(k, dim, largest, true);
    }

    /**
     * Returns the {@code k} largest (or smallest) elements along a dimension, sorted in any case; {@code torch.topk}.
     */
    default ValuesIndices topk(long k, int dim, boolean largest, boolean sorted) {
        return end(start("topk", this), SortOps.topk((Tensor) this, k, dim, largest));
    }

    /** Returns the {@code k}-th smallest element along the last dimension, counted from 1; {@code torch.kthvalue}. */
    default ValuesIndices kthvalue(long k) {
        return kthvalue(k, -1, false);
    }

    /** Returns the {@code k}-th smallest element along a dimension, counted from 1; {@code torch.kthvalue}. */
    default ValuesIndices kthvalue(long k, int dim) {
        return kthvalue(k, dim, false);
    }

    /** Returns the {@code k}-th smallest element along a dimension, counted from 1; {@code torch.kthvalue}. */
    default ValuesIndices kthvalue(long k, int dim, boolean keepdim) {
        return end(start("kthvalue", this), SortOps.kthvalue((Tensor) this, k, dim, keepdim));
    }

    /** Returns the median of all elements, the lower of two middle ones; NaN if there is one. {@code torch.median}. */
    default Tensor median() {
        return end(start("median", this), SortOps.median((Tensor) this, false));
    }

    /** Returns the median along a dimension; {@code torch.median}. */
    default ValuesIndices median(int dim) {
        return median(dim, false);
    }

    /** Returns the median along a dimension; {@code torch.median}. */
    default ValuesIndices median(int dim, boolean keepdim) {
        return end(start("median", this), SortOps.median((Tensor) this, dim, keepdim, false));
    }

    /** Returns the median of all elements that are not NaN; {@code torch.nanmedian}. */
    default Tensor nanmedian() {
        return end(start("nanmedian", this), SortOps.median((Tensor) this, true));
    }

    /** Returns the median along a dimension of the elements that are not NaN; {@code torch.nanmedian}. */
    default ValuesIndices nanmedian(int dim) {
        return nanmedian(dim, false);
    }

    /** Returns the median along a dimension of the elements that are not NaN; {@code torch.nanmedian}. */
    default ValuesIndices nanmedian(int dim, boolean keepdim) {
        return end(start("nanmedian", this), SortOps.median((Tensor) this, dim, keepdim, true));
    }

    /** Returns the most frequent element along the last dimension, the smallest of several; {@code torch.mode}. */
    default ValuesIndices mode() {
        return mode(-1, false);
    }

    /** Returns the most frequent element along a dimension, the smallest of several; {@code torch.mode}. */
    default ValuesIndices mode(int dim) {
        return mode(dim, false);
    }

    /** Returns the most frequent element along a dimension, the smallest of several; {@code torch.mode}. */
    default ValuesIndices mode(int dim, boolean keepdim) {
        return end(start("mode", this), SortOps.mode((Tensor) this, dim, keepdim));
    }

    // Quantiles

    /** Returns the quantile {@code q}, from 0 to 1, of all elements, interpolated linearly; {@code torch.quantile}. */
    default Tensor quantile(double q) {
        return end(
                start("quantile", this), SortOps.quantile((Tensor) this, q, null, false, Interpolation.LINEAR, false));
    }

    /** Returns the quantile {@code q} of all elements; {@code torch.quantile}. */
    default Tensor quantile(double q, boolean keepdim, Interpolation interpolation) {
        Arguments.notNull("quantile", "interpolation", interpolation);
        return end(start("quantile", this), SortOps.quantile((Tensor) this, q, null, keepdim, interpolation, false));
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
        return end(start("quantile", this), SortOps.quantile((Tensor) this, q, dim, keepdim, interpolation, false));
    }

    /** Works as {@link #quantile(double, int, boolean, Interpolation)} with the mode's name. */
    default Tensor quantile(double q, int dim, boolean keepdim, String interpolation) {
        return quantile(q, dim, keepdim, Interpolation.of(interpolation));
    }

    /**
     * Returns quantiles in [0, 1] of all elements, interpolated linearly, one per q in a first dimension; {@code
     * torch.quantile}.
     */
    default Tensor quantile(Tensor q) {
        return end(
                start("quantile", this, q),
                SortOps.quantile(
                        (Tensor) this,
                        Arguments.notNull("quantile", "q", q),
                        null,
                        false,
                        Interpolation.LINEAR,
                        false));
    }

    /** Returns quantiles of all elements, one per q in a first dimension; {@code torch.quantile}. */
    default Tensor quantile(Tensor q, boolean keepdim, Interpolation interpolation) {
        Arguments.notNull("quantile", "interpolation", interpolation);
        return end(
                start("quantile", this, q),
                SortOps.quantile(
                        (Tensor) this, Arguments.notNull("quantile", "q", q), null, keepdim, interpolation, false));
    }

    /** Returns quantiles along a dimension, one per q in a first dimension; {@code torch.quantile}. */
    default Tensor quantile(Tensor q, int dim) {
        return quantile(q, dim, false, Interpolation.LINEAR);
    }

    /** Returns quantiles along a dimension, one per q in a first dimension; {@code torch.quantile}. */
    default Tensor quantile(Tensor q, int dim, boolean keepdim) {
        return quantile(q, dim, keepdim, Interpolation.LINEAR);
    }

    /**
     * Returns quantiles along a dimension, one per q in a first dimension; {@code torch.quantile}. Float32 and
     * float64.
     */
    default Tensor quantile(Tensor q, int dim, boolean keepdim, Interpolation interpolation) {
        Arguments.notNull("quantile", "interpolation", interpolation);
        return end(
                start("quantile", this, q),
                SortOps.quantile(
                        (Tensor) this, Arguments.notNull("quantile", "q", q), dim, keepdim, interpolation, false));
    }

    /** Works as {@link #quantile(Tensor, int, boolean, Interpolation)} with the mode's name. */
    default Tensor quantile(Tensor q, int dim, boolean keepdim, String interpolation) {
        Arguments.notNull("quantile", "q", q);
        return quantile(q, dim, keepdim, Interpolation.of(interpolation));
    }

    /**
     * Returns the quantile {@code q}, from 0 to 1, of the non-NaN elements, interpolated linearly; {@code
     * torch.nanquantile}.
     */
    default Tensor nanquantile(double q) {
        return end(
                start("nanquantile", this),
                SortOps.quantile((Tensor) this, q, null, false, Interpolation.LINEAR, true));
    }

    /** Returns the quantile {@code q} of the non-NaN elements; {@code torch.nanquantile}. */
    default Tensor nanquantile(double q, boolean keepdim, Interpolation interpolation) {
        Arguments.notNull("nanquantile", "interpolation", interpolation);
        return end(start("nanquantile", this), SortOps.quantile((Tensor) this, q, null, keepdim, interpolation, true));
    }

    /** Returns the quantile {@code q} of the non-NaN elements along a dimension; {@code torch.nanquantile}. */
    default Tensor nanquantile(double q, int dim) {
        return nanquantile(q, dim, false, Interpolation.LINEAR);
    }

    /** Returns the quantile {@code q} of the non-NaN elements along a dimension; {@code torch.nanquantile}. */
    default Tensor nanquantile(double q, int dim, boolean keepdim) {
        return nanquantile(q, dim, keepdim, Interpolation.LINEAR);
    }

    /**
     * Returns the quantile {@code q} of the non-NaN elements along a dimension; {@code torch.nanquantile}. Float32
     * and float64.
     */
    default Tensor nanquantile(double q, int dim, boolean keepdim, Interpolation interpolation) {
        Arguments.notNull("nanquantile", "interpolation", interpolation);
        return end(start("nanquantile", this), SortOps.quantile((Tensor) this, q, dim, keepdim, interpolation, true));
    }

    /** Works as {@link #nanquantile(double, int, boolean, Interpolation)} with the mode's name. */
    default Tensor nanquantile(double q, int dim, boolean keepdim, String interpolation) {
        return nanquantile(q, dim, keepdim, Interpolation.of(interpolation));
    }

    /**
     * Returns quantiles in [0, 1] of the non-NaN elements, interpolated linearly, one per q in a first dimension;
     * {@code torch.nanquantile}.
     */
    default Tensor nanquantile(Tensor q) {
        return end(
                start("nanquantile", this, q),
                SortOps.quantile(
                        (Tensor) this,
                        Arguments.notNull("nanquantile", "q", q),
                        null,
                        false,
                        Interpolation.LINEAR,
                        true));
    }

    /** Returns quantiles of the non-NaN elements, one per q in a first dimension; {@code torch.nanquantile}. */
    default Tensor nanquantile(Tensor q, boolean keepdim, Interpolation interpolation) {
        Arguments.notNull("nanquantile", "interpolation", interpolation);
        return end(
                start("nanquantile", this, q),
                SortOps.quantile(
                        (Tensor) this, Arguments.notNull("nanquantile", "q", q), null, keepdim, interpolation, true));
    }

    /**
     * Returns quantiles of the non-NaN elements along a dimension, one per q in a first dimension; {@code
     * torch.nanquantile}.
     */
    default Tensor nanquantile(Tensor q, int dim) {
        return nanquantile(q, dim, false, Interpolation.LINEAR);
    }

    /**
     * Returns quantiles of the non-NaN elements along a dimension, one per q in a first dimension; {@code
     * torch.nanquantile}.
     */
    default Tensor nanquantile(Tensor q, int dim, boolean keepdim) {
        return nanquantile(q, dim, keepdim, Interpolation.LINEAR);
    }

    /**
     * Returns quantiles of the non-NaN elements along a dimension, one per q in a first dimension; {@code
     * torch.nanquantile}. Float32 and float64.
     */
    default Tensor nanquantile(Tensor q, int dim, boolean keepdim, Interpolation interpolation) {
        Arguments.notNull("nanquantile", "interpolation", interpolation);
        return end(
                start("nanquantile", this, q),
                SortOps.quantile(
                        (Tensor) this, Arguments.notNull("nanquantile", "q", q), dim, keepdim, interpolation, true));
    }

    /** Works as {@link #nanquantile(Tensor, int, boolean, Interpolation)} with the mode's name. */
    default Tensor nanquantile(Tensor q, int dim, boolean keepdim, String interpolation) {
        Arguments.notNull("nanquantile", "q", q);
        return nanquantile(q, dim, keepdim, Interpolation.of(interpolation));
    }

    /** Returns the unique elements, sorted; {@code torch.unique}. */
    default Tensor unique() {
        return unique(true, false, false).output();
    }

    /** Returns the unique elements, sorted in any case; {@code torch.unique}. */
    default Unique unique(boolean sorted, boolean returnInverse, boolean returnCounts) {
        return end(start("unique", this), UniqueOps.unique((Tensor) this, returnInverse, returnCounts, null));
    }

    /** Returns the unique slices along a dimension, sorted in any case; {@code torch.unique}. */
    default Unique unique(boolean sorted, boolean returnInverse, boolean returnCounts, int dim) {
        return end(start("unique", this), UniqueOps.unique((Tensor) this, returnInverse, returnCounts, dim));
    }

    /** Removes elements equal to their predecessor; {@code torch.unique_consecutive}. */
    default Tensor uniqueConsecutive() {
        return uniqueConsecutive(false, false).output();
    }

    /** Removes elements equal to their predecessor; {@code torch.unique_consecutive}. */
    default Unique uniqueConsecutive(boolean returnInverse, boolean returnCounts) {
        return end(
                start("unique_consecutive", this),
                UniqueOps.consecutive((Tensor) this, returnInverse, returnCounts, null));
    }

    /** Removes slices along a dimension that equal their predecessor; {@code torch.unique_consecutive}. */
    default Unique uniqueConsecutive(boolean returnInverse, boolean returnCounts, int dim) {
        return end(
                start("unique_consecutive", this),
                UniqueOps.consecutive((Tensor) this, returnInverse, returnCounts, dim));
    }
}
