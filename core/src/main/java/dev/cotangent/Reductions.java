package dev.cotangent;

import dev.cotangent.backend.Reduction;
import dev.cotangent.op.MomentOps;
import dev.cotangent.op.ProductOps;
import dev.cotangent.op.ReductionOps;
import org.jspecify.annotations.Nullable;

/**
 * Operations that join elements: over all dimensions, or over some of them, which go away or ({@code keepdim}) stay with
 * size 1. Dimensions may count from the end; none, or null, means all of them. A dimension out of range raises an {@link
 * IndexException}, one named twice a {@link CotangentException}. All but those that give truth, counts or indices have
 * gradients of every order.
 */
public sealed interface Reductions permits Tensor {
    /** The sum of all elements, integers and bool as int64; {@code torch.sum}. */
    default Tensor sum() {
        return ReductionOps.sum((Tensor) this, null);
    }

    /** The sum of all elements, converted to a type first; {@code torch.sum}. */
    default Tensor sum(@Nullable Dtype dtype) {
        return ReductionOps.sum((Tensor) this, dtype);
    }

    /** The sum over dimensions; {@code torch.sum}. */
    default Tensor sum(long... dim) {
        return ReductionOps.sum((Tensor) this, dim, false, null);
    }

    /** The sum over dimensions; {@code torch.sum}. */
    default Tensor sum(long @Nullable [] dim, boolean keepdim) {
        return ReductionOps.sum((Tensor) this, dim, keepdim, null);
    }

    /** The sum over dimensions of the elements converted to a type; {@code torch.sum}. */
    default Tensor sum(long @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype) {
        return ReductionOps.sum((Tensor) this, dim, keepdim, dtype);
    }

    /** Summed over what broadcasting that shape to this one's made; {@code torch.Tensor.sum_to_size}. */
    default Tensor sumToSize(long... size) {
        return size.length == 0 ? sum() : ReductionOps.sumToSize((Tensor) this, size);
    }

    /** The sum of all elements that are not NaN; {@code torch.nansum}. */
    default Tensor nansum() {
        return nansum(null, false, null);
    }

    /** The sum over dimensions of the elements that are not NaN; {@code torch.nansum}. */
    default Tensor nansum(long @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype) {
        return ReductionOps.nansum((Tensor) this, dim, keepdim, dtype);
    }

    /** The mean of all elements, which are floating point; {@code torch.mean}. */
    default Tensor mean() {
        return ReductionOps.mean((Tensor) this, null, false, null);
    }

    /** The mean of all elements, converted to a type first; {@code torch.mean}. */
    default Tensor mean(@Nullable Dtype dtype) {
        return ReductionOps.mean((Tensor) this, null, false, dtype);
    }

    /** The mean over dimensions; {@code torch.mean}. */
    default Tensor mean(long... dim) {
        return ReductionOps.mean((Tensor) this, dim, false, null);
    }

    /** The mean over dimensions; {@code torch.mean}. */
    default Tensor mean(long @Nullable [] dim, boolean keepdim) {
        return ReductionOps.mean((Tensor) this, dim, keepdim, null);
    }

    /** The mean over dimensions of the elements converted to a type; {@code torch.mean}. */
    default Tensor mean(long @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype) {
        return ReductionOps.mean((Tensor) this, dim, keepdim, dtype);
    }

    /** The mean of all elements that are not NaN; {@code torch.nanmean}. */
    default Tensor nanmean() {
        return nanmean(null, false, null);
    }

    /** The mean over dimensions of the elements that are not NaN; {@code torch.nanmean}. */
    default Tensor nanmean(long @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype) {
        return ReductionOps.nanmean((Tensor) this, dim, keepdim, dtype);
    }

    /** The variance of all elements, divided by their number less 1; {@code torch.var}. */
    default Tensor var() {
        return MomentOps.var((Tensor) this, null, 1, false);
    }

    /** The variance of all elements, divided by their number, less 1 if unbiased; {@code torch.var}. */
    default Tensor var(boolean unbiased) {
        return MomentOps.var((Tensor) this, null, unbiased ? 1 : 0, false);
    }

    /** The variance over dimensions, divided by the number of elements less 1; {@code torch.var}. */
    default Tensor var(long... dim) {
        return MomentOps.var((Tensor) this, dim, 1, false);
    }

    /** The variance over dimensions, divided by the number of elements, less 1 if unbiased; {@code torch.var}. */
    default Tensor var(long @Nullable [] dim, boolean unbiased, boolean keepdim) {
        return MomentOps.var((Tensor) this, dim, unbiased ? 1 : 0, keepdim);
    }

    /** The variance over dimensions, divided by the number of elements less the correction; {@code torch.var}. */
    default Tensor var(long @Nullable [] dim, long correction, boolean keepdim) {
        return MomentOps.var((Tensor) this, dim, correction, keepdim);
    }

    /** The standard deviation, the root of {@link #var()}; {@code torch.std}. */
    default Tensor std() {
        return MomentOps.std((Tensor) this, null, 1, false);
    }

    /** The root of {@link #var(boolean)}; {@code torch.std}. */
    default Tensor std(boolean unbiased) {
        return MomentOps.std((Tensor) this, null, unbiased ? 1 : 0, false);
    }

    /** The root of {@link #var(long...)}; {@code torch.std}. */
    default Tensor std(long... dim) {
        return MomentOps.std((Tensor) this, dim, 1, false);
    }

    /** The root of {@link #var(long[], boolean, boolean)}; {@code torch.std}. */
    default Tensor std(long @Nullable [] dim, boolean unbiased, boolean keepdim) {
        return MomentOps.std((Tensor) this, dim, unbiased ? 1 : 0, keepdim);
    }

    /** The root of {@link #var(long[], long, boolean)}; {@code torch.std}. */
    default Tensor std(long @Nullable [] dim, long correction, boolean keepdim) {
        return MomentOps.std((Tensor) this, dim, correction, keepdim);
    }

    /** Variance and mean of all elements; {@code torch.var_mean}. */
    default VarMean varMean() {
        return MomentOps.varMean((Tensor) this, null, 1, false);
    }

    /** Variance and mean of all elements; {@code torch.var_mean}. */
    default VarMean varMean(boolean unbiased) {
        return MomentOps.varMean((Tensor) this, null, unbiased ? 1 : 0, false);
    }

    /** Variance and mean over dimensions; {@code torch.var_mean}. */
    default VarMean varMean(long @Nullable [] dim, boolean unbiased, boolean keepdim) {
        return MomentOps.varMean((Tensor) this, dim, unbiased ? 1 : 0, keepdim);
    }

    /** Variance and mean over dimensions; {@code torch.var_mean}. */
    default VarMean varMean(long @Nullable [] dim, long correction, boolean keepdim) {
        return MomentOps.varMean((Tensor) this, dim, correction, keepdim);
    }

    /** Standard deviation and mean of all elements; {@code torch.std_mean}. */
    default StdMean stdMean() {
        return MomentOps.stdMean((Tensor) this, null, 1, false);
    }

    /** Standard deviation and mean of all elements; {@code torch.std_mean}. */
    default StdMean stdMean(boolean unbiased) {
        return MomentOps.stdMean((Tensor) this, null, unbiased ? 1 : 0, false);
    }

    /** Standard deviation and mean over dimensions; {@code torch.std_mean}. */
    default StdMean stdMean(long @Nullable [] dim, boolean unbiased, boolean keepdim) {
        return MomentOps.stdMean((Tensor) this, dim, unbiased ? 1 : 0, keepdim);
    }

    /** Standard deviation and mean over dimensions; {@code torch.std_mean}. */
    default StdMean stdMean(long @Nullable [] dim, long correction, boolean keepdim) {
        return MomentOps.stdMean((Tensor) this, dim, correction, keepdim);
    }

    /** The product of all elements, integers and bool as int64; {@code torch.prod}. */
    default Tensor prod() {
        return ProductOps.prod((Tensor) this, null);
    }

    /** The product of all elements, converted to a type first; {@code torch.prod}. */
    default Tensor prod(@Nullable Dtype dtype) {
        return ProductOps.prod((Tensor) this, dtype);
    }

    /** The product along a dimension; {@code torch.prod}. */
    default Tensor prod(long dim) {
        return ProductOps.prod((Tensor) this, dim, false, null);
    }

    /** The product along a dimension; {@code torch.prod}. */
    default Tensor prod(long dim, boolean keepdim) {
        return ProductOps.prod((Tensor) this, dim, keepdim, null);
    }

    /** The product along a dimension of the elements converted to a type; {@code torch.prod}. */
    default Tensor prod(long dim, boolean keepdim, @Nullable Dtype dtype) {
        return ProductOps.prod((Tensor) this, dim, keepdim, dtype);
    }

    /** The logarithm of the sum of exponentials, without overflow; {@code torch.logsumexp}. */
    default Tensor logsumexp(long... dim) {
        return ReductionOps.logsumexp((Tensor) this, dim, false);
    }

    /** The logarithm of the sum of exponentials over dimensions; {@code torch.logsumexp}. */
    default Tensor logsumexp(long[] dim, boolean keepdim) {
        return ReductionOps.logsumexp((Tensor) this, dim, keepdim);
    }

    /** Whether any element is not zero, as bool (of uint8 as uint8); {@code torch.any}. */
    default Tensor any() {
        return ReductionOps.truth(Reduction.ANY, (Tensor) this, null, false);
    }

    /** Whether any element along a dimension is not zero; {@code torch.any}. */
    default Tensor any(long dim) {
        return any(dim, false);
    }

    /** Whether any element along a dimension is not zero; {@code torch.any}. */
    default Tensor any(long dim, boolean keepdim) {
        return ReductionOps.truth(Reduction.ANY, (Tensor) this, new long[] {dim}, keepdim);
    }

    /** Whether no element is zero, as bool (of uint8 as uint8); {@code torch.all}. */
    default Tensor all() {
        return ReductionOps.truth(Reduction.ALL, (Tensor) this, null, false);
    }

    /** Whether no element along a dimension is zero; {@code torch.all}. */
    default Tensor all(long dim) {
        return all(dim, false);
    }

    /** Whether no element along a dimension is zero; {@code torch.all}. */
    default Tensor all(long dim, boolean keepdim) {
        return ReductionOps.truth(Reduction.ALL, (Tensor) this, new long[] {dim}, keepdim);
    }

    /** The number of elements that are not zero, over all dimensions or some; {@code torch.count_nonzero}. */
    default Tensor countNonzero(long @Nullable ... dim) {
        return ReductionOps.countNonzero((Tensor) this, dim);
    }
}
