package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.backend.Reduction;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.engine.AutocastMode;
import dev.cotangent.internal.ops.reduction.MomentOps;
import dev.cotangent.internal.ops.reduction.ProdOps;
import dev.cotangent.internal.ops.reduction.ReductionOps;

/**
 * Reductions over all or some dimensions, which are dropped or, with {@code keepdim}, kept with size 1. Negative
 * dimensions count from the end. No dimensions, as in {@code x.sum(new int[0], true)}, means all. Throws an {@link
 * IndexException} if a dimension is out of range, a {@link CotangentException} if it is repeated. All except tests,
 * counts and indices have gradients of every order.
 */
sealed interface ReductionMethods permits Tensor {
    /** Returns the sum of all elements, integers and bool as int64; {@code torch.sum}. */
    default Tensor sum() {
        return end(start("sum", this), ReductionOps.sum((Tensor) this, AutocastMode.singleOnCuda((Tensor) this, null)));
    }

    /** Returns the sum of all elements, converted to a type first; {@code torch.sum}. */
    default Tensor sum(Dtype dtype) {
        Arguments.notNull("sum", "dtype", dtype);
        return end(
                start("sum", this), ReductionOps.sum((Tensor) this, AutocastMode.singleOnCuda((Tensor) this, dtype)));
    }

    /** Returns the sum over dimensions; {@code torch.sum}. */
    default Tensor sum(int... dim) {
        Arguments.notNull("sum", "dim", dim);
        return end(
                start("sum", this),
                ReductionOps.sum((Tensor) this, dim, false, AutocastMode.singleOnCuda((Tensor) this, null)));
    }

    /** Returns the sum along a dimension, which is kept with size 1 if {@code keepdim}; {@code torch.sum}. */
    default Tensor sum(int dim, boolean keepdim) {
        return sum(new int[] {dim}, keepdim);
    }

    /** Returns the sum over dimensions; {@code torch.sum}. */
    default Tensor sum(int[] dim, boolean keepdim) {
        Arguments.notNull("sum", "dim", dim);
        return end(
                start("sum", this),
                ReductionOps.sum((Tensor) this, dim, keepdim, AutocastMode.singleOnCuda((Tensor) this, null)));
    }

    /** Returns the sum over dimensions of the elements converted to a type; {@code torch.sum}. */
    default Tensor sum(int[] dim, boolean keepdim, Dtype dtype) {
        Arguments.notNull("sum", "dim", dim);
        Arguments.notNull("sum", "dtype", dtype);
        return end(
                start("sum", this),
                ReductionOps.sum((Tensor) this, dim, keepdim, AutocastMode.singleOnCuda((Tensor) this, dtype)));
    }

    /**
     * Sums over the dimensions that broadcasting that shape to this one's expanded; {@code torch.Tensor.sum_to_size}.
     */
    default Tensor sumToSize(long... size) {
        Arguments.notNull("sum_to_size", "size", size);
        return end(start("sum_to_size", this), size.length == 0 ? sum() : ReductionOps.sumToSize((Tensor) this, size));
    }

    /** Returns the sum of all elements that are not NaN; {@code torch.nansum}. */
    default Tensor nansum() {
        return end(start("nansum", this), ReductionOps.nansum((Tensor) this, null, false, null));
    }

    /** Returns the sum of all elements that are not NaN, converted to a type first; {@code torch.nansum}. */
    default Tensor nansum(Dtype dtype) {
        return end(
                start("nansum", this),
                ReductionOps.nansum((Tensor) this, null, false, Arguments.notNull("nansum", "dtype", dtype)));
    }

    /** Returns the sum over dimensions of the elements that are not NaN; {@code torch.nansum}. */
    default Tensor nansum(int... dim) {
        return nansum(dim, false);
    }

    /**
     * Returns the sum of the elements that are not NaN along a dimension, which is kept with size 1 if {@code keepdim};
     * {@code torch.nansum}.
     */
    default Tensor nansum(int dim, boolean keepdim) {
        return nansum(new int[] {dim}, keepdim);
    }

    /** Returns the sum over dimensions of the elements that are not NaN; {@code torch.nansum}. */
    default Tensor nansum(int[] dim, boolean keepdim) {
        return end(
                start("nansum", this),
                ReductionOps.nansum((Tensor) this, Arguments.notNull("nansum", "dim", dim), keepdim, null));
    }

    /** Returns the sum over dimensions of the elements that are not NaN; {@code torch.nansum}. */
    default Tensor nansum(int[] dim, boolean keepdim, Dtype dtype) {
        Arguments.notNull("nansum", "dim", dim);
        Arguments.notNull("nansum", "dtype", dtype);
        return end(start("nansum", this), ReductionOps.nansum((Tensor) this, dim, keepdim, dtype));
    }

    /** Returns the mean of all elements, which are floating point; {@code torch.mean}. */
    default Tensor mean() {
        return end(start("mean", this), ReductionOps.mean((Tensor) this, null, false, null));
    }

    /** Returns the mean of all elements, converted to a type first; {@code torch.mean}. */
    default Tensor mean(Dtype dtype) {
        Arguments.notNull("mean", "dtype", dtype);
        return end(start("mean", this), ReductionOps.mean((Tensor) this, null, false, dtype));
    }

    /** Returns the mean over dimensions; {@code torch.mean}. */
    default Tensor mean(int... dim) {
        Arguments.notNull("mean", "dim", dim);
        return end(start("mean", this), ReductionOps.mean((Tensor) this, dim, false, null));
    }

    /** Returns the mean along a dimension, which is kept with size 1 if {@code keepdim}; {@code torch.mean}. */
    default Tensor mean(int dim, boolean keepdim) {
        return mean(new int[] {dim}, keepdim);
    }

    /** Returns the mean over dimensions; {@code torch.mean}. */
    default Tensor mean(int[] dim, boolean keepdim) {
        Arguments.notNull("mean", "dim", dim);
        return end(start("mean", this), ReductionOps.mean((Tensor) this, dim, keepdim, null));
    }

    /** Returns the mean over dimensions of the elements converted to a type; {@code torch.mean}. */
    default Tensor mean(int[] dim, boolean keepdim, Dtype dtype) {
        Arguments.notNull("mean", "dim", dim);
        Arguments.notNull("mean", "dtype", dtype);
        return end(start("mean", this), ReductionOps.mean((Tensor) this, dim, keepdim, dtype));
    }

    /** Returns the mean of all elements that are not NaN; {@code torch.nanmean}. */
    default Tensor nanmean() {
        return end(start("nanmean", this), ReductionOps.nanmean((Tensor) this, null, false, null));
    }

    /** Returns the mean of all elements that are not NaN, converted to a type first; {@code torch.nanmean}. */
    default Tensor nanmean(Dtype dtype) {
        return end(
                start("nanmean", this),
                ReductionOps.nanmean((Tensor) this, null, false, Arguments.notNull("nanmean", "dtype", dtype)));
    }

    /** Returns the mean over dimensions of the elements that are not NaN; {@code torch.nanmean}. */
    default Tensor nanmean(int... dim) {
        return nanmean(dim, false);
    }

    /**
     * Returns the mean of the elements that are not NaN along a dimension, which is kept with size 1 if {@code
     * keepdim}; {@code torch.nanmean}.
     */
    default Tensor nanmean(int dim, boolean keepdim) {
        return nanmean(new int[] {dim}, keepdim);
    }

    /** Returns the mean over dimensions of the elements that are not NaN; {@code torch.nanmean}. */
    default Tensor nanmean(int[] dim, boolean keepdim) {
        return end(
                start("nanmean", this),
                ReductionOps.nanmean((Tensor) this, Arguments.notNull("nanmean", "dim", dim), keepdim, null));
    }

    /** Returns the mean over dimensions of the elements that are not NaN; {@code torch.nanmean}. */
    default Tensor nanmean(int[] dim, boolean keepdim, Dtype dtype) {
        Arguments.notNull("nanmean", "dim", dim);
        Arguments.notNull("nanmean", "dtype", dtype);
        return end(start("nanmean", this), ReductionOps.nanmean((Tensor) this, dim, keepdim, dtype));
    }

    /** Returns the variance of all elements, with Bessel's correction; {@code torch.var}. */
    default Tensor var() {
        return end(start("var", this), MomentOps.var((Tensor) this, null, 1, false));
    }

    /** Returns the variance of all elements, with Bessel's correction if unbiased; {@code torch.var}. */
    default Tensor var(boolean unbiased) {
        return end(start("var", this), MomentOps.var((Tensor) this, null, unbiased ? 1 : 0, false));
    }

    /** Returns the variance over dimensions, with Bessel's correction; {@code torch.var}. */
    default Tensor var(int... dim) {
        Arguments.notNull("var", "dim", dim);
        return end(start("var", this), MomentOps.var((Tensor) this, dim, 1, false));
    }

    /** Returns the variance along a dimension, which is kept with size 1 if {@code keepdim}; {@code torch.var}. */
    default Tensor var(int dim, boolean keepdim) {
        return var(new int[] {dim}, keepdim);
    }

    /** Returns the variance over dimensions, with Bessel's correction; {@code torch.var}. */
    default Tensor var(int[] dim, boolean keepdim) {
        return end(start("var", this), MomentOps.var((Tensor) this, Arguments.notNull("var", "dim", dim), 1, keepdim));
    }

    /** Returns the variance over dimensions, with Bessel's correction if unbiased; {@code torch.var}. */
    default Tensor var(int[] dim, boolean unbiased, boolean keepdim) {
        Arguments.notNull("var", "dim", dim);
        return end(start("var", this), MomentOps.var((Tensor) this, dim, unbiased ? 1 : 0, keepdim));
    }

    /**
     * Returns the variance over dimensions, divided by the number of elements minus the correction; {@code
     * torch.var}.
     */
    default Tensor var(int[] dim, double correction, boolean keepdim) {
        Arguments.notNull("var", "dim", dim);
        return end(start("var", this), MomentOps.var((Tensor) this, dim, correction, keepdim));
    }

    /** Returns the standard deviation, the square root of {@link #var()}; {@code torch.std}. */
    default Tensor std() {
        return end(start("std", this), MomentOps.std((Tensor) this, null, 1, false));
    }

    /** Returns the square root of {@link #var(boolean)}; {@code torch.std}. */
    default Tensor std(boolean unbiased) {
        return end(start("std", this), MomentOps.std((Tensor) this, null, unbiased ? 1 : 0, false));
    }

    /** Returns the root of {@link #var(int...)}; {@code torch.std}. */
    default Tensor std(int... dim) {
        Arguments.notNull("std", "dim", dim);
        return end(start("std", this), MomentOps.std((Tensor) this, dim, 1, false));
    }

    /**
     * Returns the standard deviation along a dimension, which is kept with size 1 if {@code keepdim}; {@code
     * torch.std}.
     */
    default Tensor std(int dim, boolean keepdim) {
        return std(new int[] {dim}, keepdim);
    }

    /** Returns the standard deviation over dimensions, with Bessel's correction; {@code torch.std}. */
    default Tensor std(int[] dim, boolean keepdim) {
        return end(start("std", this), MomentOps.std((Tensor) this, Arguments.notNull("std", "dim", dim), 1, keepdim));
    }

    /** Returns the root of {@link #var(int[], boolean, boolean)}; {@code torch.std}. */
    default Tensor std(int[] dim, boolean unbiased, boolean keepdim) {
        Arguments.notNull("std", "dim", dim);
        return end(start("std", this), MomentOps.std((Tensor) this, dim, unbiased ? 1 : 0, keepdim));
    }

    /** Returns the root of {@link #var(int[], long, boolean)}; {@code torch.std}. */
    default Tensor std(int[] dim, double correction, boolean keepdim) {
        Arguments.notNull("std", "dim", dim);
        return end(start("std", this), MomentOps.std((Tensor) this, dim, correction, keepdim));
    }

    /** Returns variance and mean of all elements; {@code torch.var_mean}. */
    default VarMean varMean() {
        return end(start("var_mean", this), MomentOps.varMean((Tensor) this, null, 1, false));
    }

    /** Returns variance and mean of all elements; {@code torch.var_mean}. */
    default VarMean varMean(boolean unbiased) {
        return end(start("var_mean", this), MomentOps.varMean((Tensor) this, null, unbiased ? 1 : 0, false));
    }

    /** Returns variance and mean over dimensions; {@code torch.var_mean}. */
    default VarMean varMean(int... dim) {
        return varMean(dim, false);
    }

    /**
     * Returns variance and mean along a dimension, which is kept with size 1 if {@code keepdim}; {@code
     * torch.var_mean}.
     */
    default VarMean varMean(int dim, boolean keepdim) {
        return varMean(new int[] {dim}, keepdim);
    }

    /** Returns variance and mean over dimensions; {@code torch.var_mean}. */
    default VarMean varMean(int[] dim, boolean keepdim) {
        return end(
                start("var_mean", this),
                MomentOps.varMean((Tensor) this, Arguments.notNull("var_mean", "dim", dim), 1, keepdim));
    }

    /** Returns variance and mean over dimensions; {@code torch.var_mean}. */
    default VarMean varMean(int[] dim, boolean unbiased, boolean keepdim) {
        Arguments.notNull("var_mean", "dim", dim);
        return end(start("var_mean", this), MomentOps.varMean((Tensor) this, dim, unbiased ? 1 : 0, keepdim));
    }

    /** Returns variance and mean over dimensions; {@code torch.var_mean}. */
    default VarMean varMean(int[] dim, double correction, boolean keepdim) {
        Arguments.notNull("var_mean", "dim", dim);
        return end(start("var_mean", this), MomentOps.varMean((Tensor) this, dim, correction, keepdim));
    }

    /** Returns standard deviation and mean of all elements; {@code torch.std_mean}. */
    default StdMean stdMean() {
        return end(start("std_mean", this), MomentOps.stdMean((Tensor) this, null, 1, false));
    }

    /** Returns standard deviation and mean of all elements; {@code torch.std_mean}. */
    default StdMean stdMean(boolean unbiased) {
        return end(start("std_mean", this), MomentOps.stdMean((Tensor) this, null, unbiased ? 1 : 0, false));
    }

    /** Returns standard deviation and mean over dimensions; {@code torch.std_mean}. */
    default StdMean stdMean(int... dim) {
        return stdMean(dim, false);
    }

    /**
     * Returns standard deviation and mean along a dimension, which is kept with size 1 if {@code keepdim}; {@code
     * torch.std_mean}.
     */
    default StdMean stdMean(int dim, boolean keepdim) {
        return stdMean(new int[] {dim}, keepdim);
    }

    /** Returns standard deviation and mean over dimensions; {@code torch.std_mean}. */
    default StdMean stdMean(int[] dim, boolean keepdim) {
        return end(
                start("std_mean", this),
                MomentOps.stdMean((Tensor) this, Arguments.notNull("std_mean", "dim", dim), 1, keepdim));
    }

    /** Returns standard deviation and mean over dimensions; {@code torch.std_mean}. */
    default StdMean stdMean(int[] dim, boolean unbiased, boolean keepdim) {
        Arguments.notNull("std_mean", "dim", dim);
        return end(start("std_mean", this), MomentOps.stdMean((Tensor) this, dim, unbiased ? 1 : 0, keepdim));
    }

    /** Returns standard deviation and mean over dimensions; {@code torch.std_mean}. */
    default StdMean stdMean(int[] dim, double correction, boolean keepdim) {
        Arguments.notNull("std_mean", "dim", dim);
        return end(start("std_mean", this), MomentOps.stdMean((Tensor) this, dim, correction, keepdim));
    }

    /** Returns the product of all elements, integers and bool as int64; {@code torch.prod}. */
    default Tensor prod() {
        return end(
                start("prod", this),
                ProdOps.prod(AutocastMode.singleOnCpu((Tensor) this), AutocastMode.singleOnCuda((Tensor) this, null)));
    }

    /** Returns the product of all elements, converted to a type first; {@code torch.prod}. */
    default Tensor prod(Dtype dtype) {
        Arguments.notNull("prod", "dtype", dtype);
        return end(
                start("prod", this),
                ProdOps.prod(AutocastMode.singleOnCpu((Tensor) this), AutocastMode.singleOnCuda((Tensor) this, dtype)));
    }

    /** Returns the product along a dimension; {@code torch.prod}. */
    default Tensor prod(int dim) {
        return end(
                start("prod", this),
                ProdOps.prod(
                        AutocastMode.singleOnCpu((Tensor) this),
                        dim,
                        false,
                        AutocastMode.singleOnCuda((Tensor) this, null)));
    }

    /** Returns the product along a dimension; {@code torch.prod}. */
    default Tensor prod(int dim, boolean keepdim) {
        return end(
                start("prod", this),
                ProdOps.prod(
                        AutocastMode.singleOnCpu((Tensor) this),
                        dim,
                        keepdim,
                        AutocastMode.singleOnCuda((Tensor) this, null)));
    }

    /** Returns the product along a dimension of the elements converted to a type; {@code torch.prod}. */
    default Tensor prod(int dim, boolean keepdim, Dtype dtype) {
        Arguments.notNull("prod", "dtype", dtype);
        return end(
                start("prod", this),
                ProdOps.prod(
                        AutocastMode.singleOnCpu((Tensor) this),
                        dim,
                        keepdim,
                        AutocastMode.singleOnCuda((Tensor) this, dtype)));
    }

    /** Returns the logarithm of the sum of exponentials, without overflow; {@code torch.logsumexp}. */
    default Tensor logsumexp(int... dim) {
        Arguments.notNull("logsumexp", "dim", dim);
        return end(
                start("logsumexp", this), ReductionOps.logsumexp(AutocastMode.singleOnCuda((Tensor) this), dim, false));
    }

    /**
     * Returns the logarithm of the sum of exponentials along a dimension, which is kept with size 1 if {@code keepdim};
     * {@code torch.logsumexp}.
     */
    default Tensor logsumexp(int dim, boolean keepdim) {
        return logsumexp(new int[] {dim}, keepdim);
    }

    /** Returns the logarithm of the sum of exponentials over dimensions; {@code torch.logsumexp}. */
    default Tensor logsumexp(int[] dim, boolean keepdim) {
        Arguments.notNull("logsumexp", "dim", dim);
        return end(
                start("logsumexp", this),
                ReductionOps.logsumexp(AutocastMode.singleOnCuda((Tensor) this), dim, keepdim));
    }

    /** Returns whether any element is nonzero, as bool (uint8 for uint8); {@code torch.any}. */
    default Tensor any() {
        return end(start("any", this), ReductionOps.truth(Reduction.ANY, (Tensor) this, null, false));
    }

    /** Returns whether any element over dimensions is nonzero, element-wise if there are none; {@code torch.any}. */
    default Tensor any(int... dim) {
        return any(dim, false);
    }

    /** Returns whether any element along a dimension is nonzero; {@code torch.any}. */
    default Tensor any(int dim, boolean keepdim) {
        return any(new int[] {dim}, keepdim);
    }

    /** Returns whether any element over dimensions is nonzero, element-wise if there are none; {@code torch.any}. */
    default Tensor any(int[] dim, boolean keepdim) {
        return end(
                start("any", this),
                ReductionOps.truth(Reduction.ANY, (Tensor) this, Arguments.notNull("any", "dim", dim), keepdim));
    }

    /** Returns whether all elements are nonzero, as bool (uint8 for uint8); {@code torch.all}. */
    default Tensor all() {
        return end(start("all", this), ReductionOps.truth(Reduction.ALL, (Tensor) this, null, false));
    }

    /** Returns whether all elements over dimensions are nonzero, element-wise if there are none; {@code torch.all}. */
    default Tensor all(int... dim) {
        return all(dim, false);
    }

    /** Returns whether all elements along a dimension are nonzero; {@code torch.all}. */
    default Tensor all(int dim, boolean keepdim) {
        return all(new int[] {dim}, keepdim);
    }

    /** Returns whether all elements over dimensions are nonzero, element-wise if there are none; {@code torch.all}. */
    default Tensor all(int[] dim, boolean keepdim) {
        return end(
                start("all", this),
                ReductionOps.truth(Reduction.ALL, (Tensor) this, Arguments.notNull("all", "dim", dim), keepdim));
    }

    /** Returns the number of nonzero elements, over all dimensions or some; {@code torch.count_nonzero}. */
    default Tensor countNonzero(int... dim) {
        Arguments.notNull("count_nonzero", "dim", dim);
        return end(start("count_nonzero", this), ReductionOps.countNonzero((Tensor) this, dim));
    }
}
