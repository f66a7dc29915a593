package dev.cotangent;

import dev.cotangent.backend.Reduction;
import dev.cotangent.op.ExtremeOps;
import org.jspecify.annotations.Nullable;

/**
 * The largest and the smallest elements, over all dimensions or some, and where they are. NaN counts as the extreme of
 * both kinds. Nothing has no extreme: that is an error.
 */
public sealed interface Extremes permits Tensor {
    /** The largest of all elements; equal ones share its gradient. {@code torch.max}. */
    default Tensor max() {
        return ExtremeOps.max(Reduction.MAX, (Tensor) this);
    }

    /** The largest along a dimension and the index of the first of them; {@code torch.max}. */
    default ValuesIndices max(long dim) {
        return max(dim, false);
    }

    /** The largest along a dimension and the index of the first of them; {@code torch.max}. */
    default ValuesIndices max(long dim, boolean keepdim) {
        return ExtremeOps.max(Reduction.MAX, (Tensor) this, dim, keepdim);
    }

    /** The smallest of all elements; equal ones share its gradient. {@code torch.min}. */
    default Tensor min() {
        return ExtremeOps.max(Reduction.MIN, (Tensor) this);
    }

    /** The smallest along a dimension and the index of the first of them; {@code torch.min}. */
    default ValuesIndices min(long dim) {
        return min(dim, false);
    }

    /** The smallest along a dimension and the index of the first of them; {@code torch.min}. */
    default ValuesIndices min(long dim, boolean keepdim) {
        return ExtremeOps.max(Reduction.MIN, (Tensor) this, dim, keepdim);
    }

    /** The largest over dimensions (none means all); equal ones share its gradient. {@code torch.amax}. */
    default Tensor amax(long... dim) {
        return amax(dim, false);
    }

    /** The largest over dimensions; {@code torch.amax}. */
    default Tensor amax(long @Nullable [] dim, boolean keepdim) {
        return ExtremeOps.amax(Reduction.MAX, (Tensor) this, dim, keepdim);
    }

    /** The smallest over dimensions (none means all); equal ones share its gradient. {@code torch.amin}. */
    default Tensor amin(long... dim) {
        return amin(dim, false);
    }

    /** The smallest over dimensions; {@code torch.amin}. */
    default Tensor amin(long @Nullable [] dim, boolean keepdim) {
        return ExtremeOps.amax(Reduction.MIN, (Tensor) this, dim, keepdim);
    }

    /** The smallest and the largest of all elements; {@code torch.aminmax}. */
    default MinMax aminmax() {
        return aminmax(null, false);
    }

    /** The smallest and the largest along a dimension, or (null) of all elements; {@code torch.aminmax}. */
    default MinMax aminmax(@Nullable Long dim, boolean keepdim) {
        return ExtremeOps.aminmax((Tensor) this, dim, keepdim);
    }

    /** The row-major index of the first largest element, int64; {@code torch.argmax}. */
    default Tensor argmax() {
        return argmax(null, false);
    }

    /** The index of the first largest along a dimension; {@code torch.argmax}. */
    default Tensor argmax(long dim) {
        return argmax(dim, false);
    }

    /** The index of the first largest along a dimension, or (null) of all elements; {@code torch.argmax}. */
    default Tensor argmax(@Nullable Long dim, boolean keepdim) {
        return ExtremeOps.argmax(Reduction.ARGMAX, (Tensor) this, dim, keepdim);
    }

    /** The row-major index of the first smallest element, int64; {@code torch.argmin}. */
    default Tensor argmin() {
        return argmin(null, false);
    }

    /** The index of the first smallest along a dimension; {@code torch.argmin}. */
    default Tensor argmin(long dim) {
        return argmin(dim, false);
    }

    /** The index of the first smallest along a dimension, or (null) of all elements; {@code torch.argmin}. */
    default Tensor argmin(@Nullable Long dim, boolean keepdim) {
        return ExtremeOps.argmax(Reduction.ARGMIN, (Tensor) this, dim, keepdim);
    }
}
