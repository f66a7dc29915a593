package dev.cotangent;

import dev.cotangent.backend.Reduction;
import dev.cotangent.op.MaskedOps;
import org.jspecify.annotations.Nullable;

/**
 * Operations of those elements alone where a mask is true; {@code torch.masked}. The mask is broadcast to this tensor;
 * null takes all elements. Null dimensions mean all of them; the dtype is that of the result, null for the usual one.
 */
public sealed interface Masked permits Tensor {
    /** The sum over dimensions; {@code torch.masked.sum}. */
    default Tensor maskedSum(int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.sum((Tensor) this, dim, keepdim, dtype, mask);
    }

    /** The product over dimensions; {@code torch.masked.prod}. */
    default Tensor maskedProd(int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.prod((Tensor) this, dim, keepdim, dtype, mask);
    }

    /** The mean over dimensions, NaN of nothing; {@code torch.masked.mean}. */
    default Tensor maskedMean(int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.mean((Tensor) this, dim, keepdim, dtype, mask);
    }

    /** The largest over dimensions; {@code torch.masked.amax}. */
    default Tensor maskedAmax(int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.amax(Reduction.MAX, (Tensor) this, dim, keepdim, dtype, mask);
    }

    /** The smallest over dimensions; {@code torch.masked.amin}. */
    default Tensor maskedAmin(int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.amax(Reduction.MIN, (Tensor) this, dim, keepdim, dtype, mask);
    }

    /** The index of the largest, in this dtype; {@code torch.masked.argmax}. */
    default Tensor maskedArgmax(@Nullable Integer dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.argmax(Reduction.ARGMAX, (Tensor) this, dim, keepdim, dtype, mask);
    }

    /** The index of the smallest, in this dtype; {@code torch.masked.argmin}. */
    default Tensor maskedArgmin(@Nullable Integer dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.argmax(Reduction.ARGMIN, (Tensor) this, dim, keepdim, dtype, mask);
    }

    /** The median along a dimension, NaN of nothing; {@code torch.masked.median}. */
    default Tensor maskedMedian(int dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.median((Tensor) this, dim, keepdim, dtype, mask);
    }

    /** The logarithm of the sum of exponentials over dimensions; {@code torch.masked.logsumexp}. */
    default Tensor maskedLogsumexp(
            int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.logsumexp((Tensor) this, dim, keepdim, dtype, mask);
    }

    /** The norm of order {@code ord} over dimensions; {@code torch.masked.norm}. */
    default Tensor maskedNorm(
            Number ord, int @Nullable [] dim, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        Arguments.notNull("masked_norm", "ord", ord);
        return MaskedOps.norm((Tensor) this, ord, dim, keepdim, dtype, mask);
    }

    /** The variance over dimensions, NaN of nothing; {@code torch.masked.var}. */
    default Tensor maskedVar(
            int @Nullable [] dim, boolean unbiased, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.var((Tensor) this, dim, unbiased, keepdim, dtype, mask);
    }

    /** The standard deviation over dimensions, NaN of nothing; {@code torch.masked.std}. */
    default Tensor maskedStd(
            int @Nullable [] dim, boolean unbiased, boolean keepdim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.var((Tensor) this, dim, unbiased, keepdim, dtype, mask).sqrt();
    }

    /** Running sums along a dimension; {@code torch.masked.cumsum}. */
    default Tensor maskedCumsum(int dim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.cumsum((Tensor) this, dim, dtype, mask);
    }

    /** Running products along a dimension; {@code torch.masked.cumprod}. */
    default Tensor maskedCumprod(int dim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.cumprod((Tensor) this, dim, dtype, mask);
    }

    /** Softmax along a dimension; {@code torch.masked.softmax}. */
    default Tensor maskedSoftmax(int dim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.softmax((Tensor) this, dim, dtype, mask);
    }

    /** The logarithm of softmax along a dimension; {@code torch.masked.log_softmax}. */
    default Tensor maskedLogSoftmax(int dim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.logSoftmax((Tensor) this, dim, dtype, mask);
    }

    /** Softmax of the negative elements along a dimension; {@code torch.masked.softmin}. */
    default Tensor maskedSoftmin(int dim, @Nullable Dtype dtype, @Nullable Tensor mask) {
        return MaskedOps.softmin((Tensor) this, dim, dtype, mask);
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
