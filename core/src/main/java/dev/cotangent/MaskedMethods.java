package dev.cotangent;

import dev.cotangent.backend.Reduction;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.reduction.MaskedOps;
import org.jspecify.annotations.Nullable;

/**
 * Operations of those elements alone where a mask is true; {@code torch.masked}. The mask is broadcast to this tensor;
 * null takes all elements. Null dimensions mean all of them; the dtype is that of the result, null for the usual one.
 */
sealed interface MaskedMethods permits Tensor {
    /** The sum over dimensions; {@code torch.masked.sum}. */
    default Tensor maskedSum(int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.sum((Tensor) this, dim, keepdim, dtype, mask);
    }

    /** {@link #maskedSum} over all dimensions; {@code torch.masked.sum}. */
    default Tensor maskedSum(Tensor mask) {
        return maskedSum(null, false, null, Arguments.notNull("masked_sum", "mask", mask));
    }

    /** {@link #maskedSum} along a dimension; {@code torch.masked.sum}. */
    default Tensor maskedSum(int dim, boolean keepdim, Tensor mask) {
        return maskedSum(new int[] {dim}, keepdim, null, Arguments.notNull("masked_sum", "mask", mask));
    }

    /** The product over dimensions; {@code torch.masked.prod}. */
    default Tensor maskedProd(int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.prod((Tensor) this, dim, keepdim, dtype, mask);
    }

    /** {@link #maskedProd} over all dimensions; {@code torch.masked.prod}. */
    default Tensor maskedProd(Tensor mask) {
        return maskedProd(null, false, null, Arguments.notNull("masked_prod", "mask", mask));
    }

    /** {@link #maskedProd} along a dimension; {@code torch.masked.prod}. */
    default Tensor maskedProd(int dim, boolean keepdim, Tensor mask) {
        return maskedProd(new int[] {dim}, keepdim, null, Arguments.notNull("masked_prod", "mask", mask));
    }

    /** The mean over dimensions, NaN of nothing; {@code torch.masked.mean}. */
    default Tensor maskedMean(int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.mean((Tensor) this, dim, keepdim, dtype, mask);
    }

    /** {@link #maskedMean} over all dimensions; {@code torch.masked.mean}. */
    default Tensor maskedMean(Tensor mask) {
        return maskedMean(null, false, null, Arguments.notNull("masked_mean", "mask", mask));
    }

    /** {@link #maskedMean} along a dimension; {@code torch.masked.mean}. */
    default Tensor maskedMean(int dim, boolean keepdim, Tensor mask) {
        return maskedMean(new int[] {dim}, keepdim, null, Arguments.notNull("masked_mean", "mask", mask));
    }

    /** The largest over dimensions; {@code torch.masked.amax}. */
    default Tensor maskedAmax(int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.amax(Reduction.MAX, (Tensor) this, dim, keepdim, dtype, mask);
    }

    /** {@link #maskedAmax} over all dimensions; {@code torch.masked.amax}. */
    default Tensor maskedAmax(Tensor mask) {
        return maskedAmax(null, false, null, Arguments.notNull("masked_amax", "mask", mask));
    }

    /** {@link #maskedAmax} along a dimension; {@code torch.masked.amax}. */
    default Tensor maskedAmax(int dim, boolean keepdim, Tensor mask) {
        return maskedAmax(new int[] {dim}, keepdim, null, Arguments.notNull("masked_amax", "mask", mask));
    }

    /** The smallest over dimensions; {@code torch.masked.amin}. */
    default Tensor maskedAmin(int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.amax(Reduction.MIN, (Tensor) this, dim, keepdim, dtype, mask);
    }

    /** {@link #maskedAmin} over all dimensions; {@code torch.masked.amin}. */
    default Tensor maskedAmin(Tensor mask) {
        return maskedAmin(null, false, null, Arguments.notNull("masked_amin", "mask", mask));
    }

    /** {@link #maskedAmin} along a dimension; {@code torch.masked.amin}. */
    default Tensor maskedAmin(int dim, boolean keepdim, Tensor mask) {
        return maskedAmin(new int[] {dim}, keepdim, null, Arguments.notNull("masked_amin", "mask", mask));
    }

    /** The index of the largest, in this dtype; {@code torch.masked.argmax}. */
    default Tensor maskedArgmax(@Nullable Integer dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.argmax(Reduction.ARGMAX, (Tensor) this, dim, keepdim, dtype, mask);
    }

    /** {@link #maskedArgmax} over all dimensions; {@code torch.masked.argmax}. */
    default Tensor maskedArgmax(Tensor mask) {
        return maskedArgmax(null, false, null, Arguments.notNull("masked_argmax", "mask", mask));
    }

    /** {@link #maskedArgmax} along a dimension; {@code torch.masked.argmax}. */
    default Tensor maskedArgmax(int dim, boolean keepdim, Tensor mask) {
        return maskedArgmax(dim, keepdim, null, Arguments.notNull("masked_argmax", "mask", mask));
    }

    /** The index of the smallest, in this dtype; {@code torch.masked.argmin}. */
    default Tensor maskedArgmin(@Nullable Integer dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.argmax(Reduction.ARGMIN, (Tensor) this, dim, keepdim, dtype, mask);
    }

    /** {@link #maskedArgmin} over all dimensions; {@code torch.masked.argmin}. */
    default Tensor maskedArgmin(Tensor mask) {
        return maskedArgmin(null, false, null, Arguments.notNull("masked_argmin", "mask", mask));
    }

    /** {@link #maskedArgmin} along a dimension; {@code torch.masked.argmin}. */
    default Tensor maskedArgmin(int dim, boolean keepdim, Tensor mask) {
        return maskedArgmin(dim, keepdim, null, Arguments.notNull("masked_argmin", "mask", mask));
    }

    /** The median along a dimension, NaN of nothing; {@code torch.masked.median}. */
    default Tensor maskedMedian(int dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.median((Tensor) this, dim, keepdim, dtype, mask);
    }

    /** {@link #maskedMedian} along a dimension; {@code torch.masked.median}. */
    default Tensor maskedMedian(int dim, boolean keepdim, Tensor mask) {
        return maskedMedian(dim, keepdim, null, Arguments.notNull("masked_median", "mask", mask));
    }

    /** The logarithm of the sum of exponentials over dimensions; {@code torch.masked.logsumexp}. */
    default Tensor maskedLogsumexp(
            int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.logsumexp((Tensor) this, dim, keepdim, dtype, mask);
    }

    /** {@link #maskedLogsumexp} over all dimensions; {@code torch.masked.logsumexp}. */
    default Tensor maskedLogsumexp(Tensor mask) {
        return maskedLogsumexp(null, false, null, Arguments.notNull("masked_logsumexp", "mask", mask));
    }

    /** {@link #maskedLogsumexp} along a dimension; {@code torch.masked.logsumexp}. */
    default Tensor maskedLogsumexp(int dim, boolean keepdim, Tensor mask) {
        return maskedLogsumexp(new int[] {dim}, keepdim, null, Arguments.notNull("masked_logsumexp", "mask", mask));
    }

    /** The norm of order {@code ord} over dimensions; {@code torch.masked.norm}. */
    default Tensor maskedNorm(
            Number ord, int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        Arguments.notNull("masked_norm", "ord", ord);
        return MaskedOps.norm((Tensor) this, ord, dim, keepdim, dtype, mask);
    }

    /** {@link #maskedNorm} over all dimensions; {@code torch.masked.norm}. */
    default Tensor maskedNorm(Number ord, Tensor mask) {
        return maskedNorm(
                Arguments.notNull("masked_norm", "ord", ord),
                null,
                false,
                null,
                Arguments.notNull("masked_norm", "mask", mask));
    }

    /** {@link #maskedNorm} along a dimension; {@code torch.masked.norm}. */
    default Tensor maskedNorm(Number ord, int dim, boolean keepdim, Tensor mask) {
        return maskedNorm(
                Arguments.notNull("masked_norm", "ord", ord),
                new int[] {dim},
                keepdim,
                null,
                Arguments.notNull("masked_norm", "mask", mask));
    }

    /** The variance over dimensions, NaN of nothing; {@code torch.masked.var}. */
    default Tensor maskedVar(
            int @Nullable [] dim, boolean unbiased, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.var((Tensor) this, dim, unbiased ? 1 : 0, keepdim, dtype, mask);
    }

    /** {@link #maskedVar} of the number of elements less a correction; {@code torch.masked.var}. */
    default Tensor maskedVar(
            int @Nullable [] dim, double correction, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.var((Tensor) this, dim, correction, keepdim, dtype, mask);
    }

    /** {@link #maskedVar} over all dimensions; {@code torch.masked.var}. */
    default Tensor maskedVar(Tensor mask) {
        return maskedVar(null, true, false, null, Arguments.notNull("masked_var", "mask", mask));
    }

    /** {@link #maskedVar} along a dimension; {@code torch.masked.var}. */
    default Tensor maskedVar(int dim, boolean keepdim, Tensor mask) {
        return maskedVar(new int[] {dim}, true, keepdim, null, Arguments.notNull("masked_var", "mask", mask));
    }

    /** The standard deviation over dimensions, NaN of nothing; {@code torch.masked.std}. */
    default Tensor maskedStd(
            int @Nullable [] dim, boolean unbiased, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.var((Tensor) this, dim, unbiased ? 1 : 0, keepdim, dtype, mask)
                .sqrt();
    }

    /** {@link #maskedStd} of the number of elements less a correction; {@code torch.masked.std}. */
    default Tensor maskedStd(
            int @Nullable [] dim, double correction, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.var((Tensor) this, dim, correction, keepdim, dtype, mask)
                .sqrt();
    }

    /** {@link #maskedStd} over all dimensions; {@code torch.masked.std}. */
    default Tensor maskedStd(Tensor mask) {
        return maskedStd(null, true, false, null, Arguments.notNull("masked_std", "mask", mask));
    }

    /** {@link #maskedStd} along a dimension; {@code torch.masked.std}. */
    default Tensor maskedStd(int dim, boolean keepdim, Tensor mask) {
        return maskedStd(new int[] {dim}, true, keepdim, null, Arguments.notNull("masked_std", "mask", mask));
    }

    /** Running sums along a dimension; {@code torch.masked.cumsum}. */
    default Tensor maskedCumsum(int dim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.cumsum((Tensor) this, dim, dtype, mask);
    }

    /** {@link #maskedCumsum} in this tensor's dtype; {@code torch.masked.cumsum}. */
    default Tensor maskedCumsum(int dim, Tensor mask) {
        return maskedCumsum(dim, null, Arguments.notNull("masked_cumsum", "mask", mask));
    }

    /** Running products along a dimension; {@code torch.masked.cumprod}. */
    default Tensor maskedCumprod(int dim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.cumprod((Tensor) this, dim, dtype, mask);
    }

    /** {@link #maskedCumprod} in this tensor's dtype; {@code torch.masked.cumprod}. */
    default Tensor maskedCumprod(int dim, Tensor mask) {
        return maskedCumprod(dim, null, Arguments.notNull("masked_cumprod", "mask", mask));
    }

    /** Softmax along a dimension; {@code torch.masked.softmax}. */
    default Tensor maskedSoftmax(int dim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.softmax((Tensor) this, dim, dtype, mask);
    }

    /** {@link #maskedSoftmax} in this tensor's dtype; {@code torch.masked.softmax}. */
    default Tensor maskedSoftmax(int dim, Tensor mask) {
        return maskedSoftmax(dim, null, Arguments.notNull("masked_softmax", "mask", mask));
    }

    /** The logarithm of softmax along a dimension; {@code torch.masked.log_softmax}. */
    default Tensor maskedLogSoftmax(int dim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.logSoftmax((Tensor) this, dim, dtype, mask);
    }

    /** {@link #maskedLogSoftmax} in this tensor's dtype; {@code torch.masked.log_softmax}. */
    default Tensor maskedLogSoftmax(int dim, Tensor mask) {
        return maskedLogSoftmax(dim, null, Arguments.notNull("masked_log_softmax", "mask", mask));
    }

    /** Softmax of the negative elements along a dimension; {@code torch.masked.softmin}. */
    default Tensor maskedSoftmin(int dim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.softmin((Tensor) this, dim, dtype, mask);
    }

    /** {@link #maskedSoftmin} in this tensor's dtype; {@code torch.masked.softmin}. */
    default Tensor maskedSoftmin(int dim, Tensor mask) {
        return maskedSoftmin(dim, null, Arguments.notNull("masked_softmin", "mask", mask));
    }

    /** Vectors along a dimension divided by their norm, at least {@code eps}; {@code torch.masked.normalize}. */
    default Tensor maskedNormalize(Number ord, int dim, double eps, @Nullable Dtype dtype, @Nullable Tensor mask) {
        Arguments.notNull("masked_normalize", "ord", ord);
        return MaskedOps.normalize((Tensor) this, ord, dim, eps, dtype, mask);
    }

    /** The logarithm of the sum of two exponentials, each operand with its mask; {@code torch.masked.logaddexp}. */
    default Tensor maskedLogaddexp(
            Tensor other, @Nullable Dtype dtype, @Nullable Tensor inputMask, @Nullable Tensor otherMask) {
        Arguments.notNull("masked_logaddexp", "other", other);
        return MaskedOps.logaddexp((Tensor) this, other, dtype, inputMask, otherMask);
    }
}
