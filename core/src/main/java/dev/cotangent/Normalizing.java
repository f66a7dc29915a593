package dev.cotangent;

import dev.cotangent.op.SoftmaxOps;
import org.jspecify.annotations.Nullable;

/** Softmax and its kin, of floating point; the results have this tensor's shape. */
public sealed interface Normalizing permits Tensor {
    /** e to the elements, scaled to sum 1 along a dimension; {@code torch.softmax}. */
    default Tensor softmax(long dim) {
        return SoftmaxOps.softmax((Tensor) this, dim, null);
    }

    /** {@link #softmax(long)} of the elements converted to a type; {@code torch.softmax}. */
    default Tensor softmax(long dim, @Nullable Dtype dtype) {
        return SoftmaxOps.softmax((Tensor) this, dim, dtype);
    }

    /** The logarithm of {@link #softmax(long)}, computed without losing small ones; {@code torch.log_softmax}. */
    default Tensor logSoftmax(long dim) {
        return SoftmaxOps.logSoftmax((Tensor) this, dim, null);
    }

    /** {@link #logSoftmax(long)} of the elements converted to a type; {@code torch.log_softmax}. */
    default Tensor logSoftmax(long dim, @Nullable Dtype dtype) {
        return SoftmaxOps.logSoftmax((Tensor) this, dim, dtype);
    }

    /** {@link #softmax(long)} of the negative elements; {@code torch.nn.functional.softmin}. */
    default Tensor softmin(long dim) {
        return softmin(dim, null);
    }

    /** {@link #softmin(long)} of the elements converted to a type; {@code torch.nn.functional.softmin}. */
    default Tensor softmin(long dim, @Nullable Dtype dtype) {
        return SoftmaxOps.softmax(((Tensor) this).neg(), dim, dtype);
    }
}
