package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.backend.Reduction;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.reduction.MaskedOps;
import org.jspecify.annotations.Nullable;

/**
 * Reductions and normalizations restricted to the elements under a mask; {@code torch.masked}. The mask is broadcast
 * to this tensor; null selects all elements. Null dimensions mean all; the dtype is the result's, null for the
 * default.
 */
sealed interface MaskedMethods permits Tensor {
    /** Returns the sum over dimensions; {@code torch.masked.sum}. */
    default Tensor maskedSum(int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return end(start("masked_sum", this, mask), MaskedOps.sum((Tensor) this, dim, keepdim, dtype, mask));
    }

    /** Works as {@link #maskedSum} over all dimensions; {@code torch.masked.sum}. */
    default Tensor maskedSum(Tensor mask) {
        return maskedSum(null, false, null, Arguments.notNull("masked_sum", "mask", mask));
    }

    /** Works as {@link #maskedSum} along a dimension; {@code torch.masked.sum}. */
    default Tensor maskedSum(int dim, boolean keepdim, Tensor mask) {
        return maskedSum(new int[] {dim}, keepdim, null, Arguments.notNull("masked_sum", "mask", mask));
    }

    /** Returns the product over dimensions; {@code torch.masked.prod}. */
    default Tensor maskedProd(int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return end(start("masked_prod", this, mask), MaskedOps.prod((Tensor) this, dim, keepdim, dtype, mask));
    }

    /** Works as {@link #maskedProd} over all dimensions; {@code torch.masked.prod}. */
    default Tensor maskedProd(Tensor mask) {
        return maskedProd(null, false, null, Arguments.notNull("masked_prod", "mask", mask));
    }

    /** Works as {@link #maskedProd} along a dimension; {@code torch.masked.prod}. */
    default Tensor maskedProd(int dim, boolean keepdim, Tensor mask) {
        return maskedProd(new int[] {dim}, keepdim, null, Arguments.notNull("masked_prod", "mask", mask));
    }

    /** Returns the mean over dimensions, NaN if empty; {@code torch.masked.mean}. */
    default Tensor maskedMean(int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return end(start("masked_mean", this, mask), MaskedOps.mean((Tensor) this, dim, keepdim, dtype, mask));
    }

    /** Works as {@link #maskedMean} over all dimensions; {@code torch.masked.mean}. */
    default Tensor maskedMean(Tensor mask) {
        return maskedMean(null, false, null, Arguments.notNull("masked_mean", "mask", mask));
    }

    /** Works as {@link #maskedMean} along a dimension; {@code torch.masked.mean}. */
    default Tensor maskedMean(int dim, boolean keepdim, Tensor mask) {
        return maskedMean(new int[] {dim}, keepdim, null, Arguments.notNull("masked_mean", "mask", mask));
    }

    /** Returns the maximum over dimensions; {@code torch.masked.amax}. */
    default Tensor maskedAmax(int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return end(
                start("masked_amax", this, mask),
                MaskedOps.amax(Reduction.MAX, (Tensor) this, dim, keepdim, dtype, mask));
    }

    /** Works as {@link #maskedAmax} over all dimensions; {@code torch.masked.amax}. */
    default Tensor maskedAmax(Tensor mask) {
        return maskedAmax(null, false, null, Arguments.notNull("masked_amax", "mask", mask));
    }

    /** Works as {@link #maskedAmax} along a dimension; {@code torch.masked.amax}. */
    default Tensor maskedAmax(int dim, boolean keepdim, Tensor mask) {
        return maskedAmax(new int[] {dim}, keepdim, null, Arguments.notNull("masked_amax", "mask", mask));
    }

    /** Returns the minimum over dimensions; {@code torch.masked.amin}. */
    default Tensor maskedAmin(int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return end(
                start("masked_amin", this, mask),
                MaskedOps.amax(Reduction.MIN, (Tensor) this, dim, keepdim, dtype, mask));
    }

    /** Works as {@link #maskedAmin} over all dimensions; {@code torch.masked.amin}. */
    default Tensor maskedAmin(Tensor mask) {
        return maskedAmin(null, false, null, Arguments.notNull("masked_amin", "mask", mask));
    }

    /** Works as {@link #maskedAmin} along a dimension; {@code torch.masked.amin}. */
    default Tensor maskedAmin(int dim, boolean keepdim, Tensor mask) {
        return maskedAmin(new int[] {dim}, keepdim, null, Arguments.notNull("masked_amin", "mask", mask));
    }

    /** Returns the index of the maximum, in this dtype; {@code torch.masked.argmax}. */
    default Tensor maskedArgmax(@Nullable Integer dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return end(
                start("masked_argmax", this, mask),
                MaskedOps.argmax(Reduction.ARGMAX, (Tensor) this, dim, keepdim, dtype, mask));
    }

    /** Works as {@link #maskedArgmax} over all dimensions; {@code torch.masked.argmax}. */
    default Tensor maskedArgmax(Tensor mask) {
        return maskedArgmax(null, false, null, Arguments.notNull("masked_argmax", "mask", mask));
    }

    /** Works as {@link #maskedArgmax} along a dimension; {@code torch.masked.argmax}. */
    default Tensor maskedArgmax(int dim, boolean keepdim, Tensor mask) {
        return maskedArgmax(dim, keepdim, null, Arguments.notNull("masked_argmax", "mask", mask));
    }

    /** Returns the index of the minimum, in this dtype; {@code torch.masked.argmin}. */
    default Tensor maskedArgmin(@Nullable Integer dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return end(
                start("masked_argmin", this, mask),
                MaskedOps.argmax(Reduction.ARGMIN, (Tensor) this, dim, keepdim, dtype, mask));
    }

    /** Works as {@link #maskedArgmin} over all dimensions; {@code torch.masked.argmin}. */
    default Tensor maskedArgmin(Tensor mask) {
        return maskedArgmin(null, false, null, Arguments.notNull("masked_argmin", "mask", mask));
    }

    /** Works as {@link #maskedArgmin} along a dimension; {@code torch.masked.argmin}. */
    default Tensor maskedArgmin(int dim, boolean keepdim, Tensor mask) {
        return maskedArgmin(dim, keepdim, null, Arguments.notNull("masked_argmin", "mask", mask));
    }

    /** Returns the median along a dimension, NaN if empty; {@code torch.masked.median}. */
    default Tensor maskedMedian(int dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return end(start("masked_median", this, mask), MaskedOps.median((Tensor) this, dim, keepdim, dtype, mask));
    }

    /** Works as {@link #maskedMedian} along a dimension; {@code torch.masked.median}. */
    default Tensor maskedMedian(int dim, boolean keepdim, Tensor mask) {
        return maskedMedian(dim, keepdim, null, Arguments.notNull("masked_median", "mask", mask));
    }

    /** Returns the logarithm of the sum of exponentials over dimensions; {@code torch.masked.logsumexp}. */
    default Tensor maskedLogsumexp(
            int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return end(
                start("masked_logsumexp", this, mask), MaskedOps.logsumexp((Tensor) this, dim, keepdim, dtype, mask));
    }

    /** Works as {@link #maskedLogsumexp} over all dimensions; {@code torch.masked.logsumexp}. */
    default Tensor maskedLogsumexp(Tensor mask) {
        return maskedLogsumexp(null, false, null, Arguments.notNull("masked_logsumexp", "mask", mask));
    }

    /** Works as {@link #maskedLogsumexp} along a dimension; {@code torch.masked.logsumexp}. */
    default Tensor maskedLogsumexp(int dim, boolean keepdim, Tensor mask) {
        return maskedLogsumexp(new int[] {dim}, keepdim, null, Arguments.notNull("masked_logsumexp", "mask", mask));
    }

    /** Returns the norm of order {@code ord} over dimensions; {@code torch.masked.norm}. */
    default Tensor maskedNorm(
            Number ord, int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        Arguments.notNull("masked_norm", "ord", ord);
        return end(start("masked_norm", this, mask), MaskedOps.norm((Tensor) this, ord, dim, keepdim, dtype, mask));
    }

    /** Works as {@link #maskedNorm} over all dimensions; {@code torch.masked.norm}. */
    default Tensor maskedNorm(Number ord, Tensor mask) {
        return maskedNorm(
                Arguments.notNull("masked_norm", "ord", ord),
                null,
                false,
                null,
                Arguments.notNull("masked_norm", "mask", mask));
    }

    /** Works as {@link #maskedNorm} along a dimension; {@code torch.masked.norm}. */
    default Tensor maskedNorm(Number ord, int dim, boolean keepdim, Tensor mask) {
        return maskedNorm(
                Arguments.notNull("masked_norm", "ord", ord),
                new int[] {dim},
                keepdim,
                null,
                Arguments.notNull("masked_norm", "mask", mask));
    }

    /** Returns the variance over dimensions, NaN if empty; {@code torch.masked.var}. */
    default Tensor maskedVar(
            int @Nullable [] dim, boolean unbiased, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return end(
                start("masked_var", this, mask),
                MaskedOps.var((Tensor) this, dim, unbiased ? 1 : 0, keepdim, dtype, mask));
    }

    /** Works as {@link #maskedVar} with a correction of the number of elements; {@code torch.masked.var}. */
    default Tensor maskedVar(
            int @Nullable [] dim, double correction, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return end(
                start("masked_var", this, mask), MaskedOps.var((Tensor) this, dim, correction, keepdim, dtype, mask));
    }

    /** Works as {@link #maskedVar} over all dimensions; {@code torch.masked.var}. */
    default Tensor maskedVar(Tensor mask) {
        return maskedVar(null, true, false, null, Arguments.notNull("masked_var", "mask", mask));
    }

    /** Works as {@link #maskedVar} along a dimension; {@code torch.masked.var}. */
    default Tensor maskedVar(int dim, boolean keepdim, Tensor mask) {
        return maskedVar(new int[] {dim}, true, keepdim, null, Arguments.notNull("masked_var", "mask", mask));
    }

    /** Returns the standard deviation over dimensions, NaN if empty; {@code torch.masked.std}. */
    default Tensor maskedStd(
            int @Nullable [] dim, boolean unbiased, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return end(
                start("masked_std", this, mask),
                MaskedOps.var((Tensor) this, dim, unbiased ? 1 : 0, keepdim, dtype, mask)
                        .sqrt());
    }

    /** Works as {@link #maskedStd} with a correction of the number of elements; {@code torch.masked.std}. */
    default Tensor maskedStd(
            int @Nullable [] dim, double correction, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return end(
                start("masked_std", this, mask),
                MaskedOps.var((Tensor) this, dim, correction, keepdim, dtype, mask)
                        .sqrt());
    }

    /** Works as {@link #maskedStd} over all dimensions; {@code torch.masked.std}. */
    default Tensor maskedStd(Tensor mask) {
        return maskedStd(null, true, false, null, Arguments.notNull("masked_std", "mask", mask));
    }

    /** Works as {@link #maskedStd} along a dimension; {@code torch.masked.std}. */
    default Tensor maskedStd(int dim, boolean keepdim, Tensor mask) {
        return maskedStd(new int[] {dim}, true, keepdim, null, Arguments.notNull("masked_std", "mask", mask));
    }

    /** Returns cumulative sums along a dimension; {@code torch.masked.cumsum}. */
    default Tensor maskedCumsum(int dim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return end(start("masked_cumsum", this, mask), MaskedOps.cumsum((Tensor) this, dim, dtype, mask));
    }

    /** Works as {@link #maskedCumsum} in this tensor's dtype; {@code torch.masked.cumsum}. */
    default Tensor maskedCumsum(int dim, Tensor mask) {
        return maskedCumsum(dim, null, Arguments.notNull("masked_cumsum", "mask", mask));
    }

    /** Returns cumulative products along a dimension; {@code torch.masked.cumprod}. */
    default Tensor maskedCumprod(int dim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return end(start("masked_cumprod", this, mask), MaskedOps.cumprod((Tensor) this, dim, dtype, mask));
    }

    /** Works as {@link #maskedCumprod} in this tensor's dtype; {@code torch.masked.cumprod}. */
    default Tensor maskedCumprod(int dim, Tensor mask) {
        return maskedCumprod(dim, null, Arguments.notNull("masked_cumprod", "mask", mask));
    }

    /** Computes softmax along a dimension; {@code torch.masked.softmax}. */
    default Tensor maskedSoftmax(int dim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return end(start("masked_softmax", this, mask), MaskedOps.softmax((Tensor) this, dim, dtype, mask));
    }

    /** Works as {@link #maskedSoftmax} in this tensor's dtype; {@code torch.masked.softmax}. */
    default Tensor maskedSoftmax(int dim, Tensor mask) {
        return maskedSoftmax(dim, null, Arguments.notNull("masked_softmax", "mask", mask));
    }

    /** Computes log-softmax along a dimension; {@code torch.masked.log_softmax}. */
    default Tensor maskedLogSoftmax(int dim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return end(start("masked_log_softmax", this, mask), MaskedOps.logSoftmax((Tensor) this, dim, dtype, mask));
    }

    /** Works as {@link #maskedLogSoftmax} in this tensor's dtype; {@code torch.masked.log_softmax}. */
    default Tensor maskedLogSoftmax(int dim, Tensor mask) {
        return maskedLogSoftmax(dim, null, Arguments.notNull("masked_log_softmax", "mask", mask));
    }

    /** Computes softmax of the negated elements along a dimension; {@code torch.masked.softmin}. */
    default Tensor maskedSoftmin(int dim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return end(start("masked_softmin", this, mask), MaskedOps.softmin((Tensor) this, dim, dtype, mask));
    }

    /** Works as {@link #maskedSoftmin} in this tensor's dtype; {@code torch.masked.softmin}. */
    default Tensor maskedSoftmin(int dim, Tensor mask) {
        return maskedSoftmin(dim, null, Arguments.notNull("masked_softmin", "mask", mask));
    }

    /** Divides vectors along a dimension by their norm, at least {@code eps}; {@code torch.masked.normalize}. */
    default Tensor maskedNormalize(Number ord, int dim, double eps, @Nullable Dtype dtype, @Nullable Tensor mask) {
        Arguments.notNull("masked_normalize", "ord", ord);
        return end(
                start("masked_normalize", this, mask), MaskedOps.normalize((Tensor) this, ord, dim, eps, dtype, mask));
    }

    /**
     * Computes the logarithm of the sum of two exponentials, each operand with its mask; {@code
     * torch.masked.logaddexp}.
     */
    default Tensor maskedLogaddexp(
            Tensor other, @Nullable Dtype dtype, @Nullable Tensor inputMask, @Nullable Tensor otherMask) {
        Arguments.notNull("masked_logaddexp", "other", other);
        return end(
                start("masked_logaddexp", this, other, inputMask, otherMask),
                MaskedOps.logaddexp((Tensor) this, other, dtype, inputMask, otherMask));
    }
}
