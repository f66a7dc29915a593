package dev.cotangent;

import dev.cotangent.backend.Reduction;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.reduction.MinMaxOps;

/**
 * The largest and the smallest elements, over all dimensions or some, and where they are. NaN counts as the extreme of
 * both kinds. Throws if there are no elements.
 */
sealed interface MinMaxMethods permits Tensor {
    /** The largest of all elements; equal ones share its gradient. {@code torch.max}. */
    default Tensor max() {
        return MinMaxOps.max(Reduction.MAX, (Tensor) this);
    }

    /** The largest along a dimension and the index of the first of them; {@code torch.max}. */
    default ValuesIndices max(int dim) {
        return max(dim, false);
    }

    /** The largest along a dimension and the index of the first of them; {@code torch.max}. */
    default ValuesIndices max(int dim, boolean keepdim) {
        return MinMaxOps.max(Reduction.MAX, (Tensor) this, dim, keepdim);
    }

    /** The smallest of all elements; equal ones share its gradient. {@code torch.min}. */
    default Tensor min() {
        return MinMaxOps.max(Reduction.MIN, (Tensor) this);
    }

    /** The smallest along a dimension and the index of the first of them; {@code torch.min}. */
    default ValuesIndices min(int dim) {
        return min(dim, false);
    }

    /** The smallest along a dimension and the index of the first of them; {@code torch.min}. */
    default ValuesIndices min(int dim, boolean keepdim) {
        return MinMaxOps.max(Reduction.MIN, (Tensor) this, dim, keepdim);
    }

    /** The largest over dimensions (none means all); equal ones share its gradient. {@code torch.amax}. */
    default Tensor amax(int... dim) {
        Arguments.notNull("amax", "dim", dim);
        return amax(dim, false);
    }

    /** Returns the largest along a dimension, which is kept if {@code keepdim}; {@code torch.amax}. */
    default Tensor amax(int dim, boolean keepdim) {
        return amax(new int[] {dim}, keepdim);
    }

    /** The largest over dimensions; {@code torch.amax}. */
    default Tensor amax(int[] dim, boolean keepdim) {
        Arguments.notNull("amax", "dim", dim);
        return MinMaxOps.amax(Reduction.MAX, (Tensor) this, dim, keepdim);
    }

    /** The smallest over dimensions (none means all); equal ones share its gradient. {@code torch.amin}. */
    default Tensor amin(int... dim) {
        Arguments.notNull("amin", "dim", dim);
        return amin(dim, false);
    }

    /** Returns the smallest along a dimension, which is kept if {@code keepdim}; {@code torch.amin}. */
    default Tensor amin(int dim, boolean keepdim) {
        return amin(new int[] {dim}, keepdim);
    }

    /** The smallest over dimensions; {@code torch.amin}. */
    default Tensor amin(int[] dim, boolean keepdim) {
        Arguments.notNull("amin", "dim", dim);
        return MinMaxOps.amax(Reduction.MIN, (Tensor) this, dim, keepdim);
    }

    /** The smallest and the largest of all elements; {@code torch.aminmax}. */
    default MinMax aminmax() {
        return MinMaxOps.aminmax((Tensor) this, null, false);
    }

    /** Returns the smallest and the largest of all elements, which may keep the number of dimensions; {@code torch.aminmax}. */
    default MinMax aminmax(boolean keepdim) {
        return MinMaxOps.aminmax((Tensor) this, null, keepdim);
    }

    /** Returns the smallest and the largest along a dimension; {@code torch.aminmax}. */
    default MinMax aminmax(int dim) {
        return aminmax(dim, false);
    }

    /** Returns the smallest and the largest along a dimension; {@code torch.aminmax}. */
    default MinMax aminmax(int dim, boolean keepdim) {
        return MinMaxOps.aminmax((Tensor) this, dim, keepdim);
    }

    /** The row-major index of the first largest element, int64; {@code torch.argmax}. */
    default Tensor argmax() {
        return argmax(false);
    }

    /** Returns the row-major index of the first largest element, which may keep the number of dimensions; {@code torch.argmax}. */
    default Tensor argmax(boolean keepdim) {
        return MinMaxOps.argmax(Reduction.ARGMAX, (Tensor) this, null, keepdim);
    }

    /** The index of the first largest along a dimension; {@code torch.argmax}. */
    default Tensor argmax(int dim) {
        return argmax(dim, false);
    }

    /** Returns the index of the first largest along a dimension, which is kept if {@code keepdim}; {@code torch.argmax}. */
    default Tensor argmax(int dim, boolean keepdim) {
        return MinMaxOps.argmax(Reduction.ARGMAX, (Tensor) this, dim, keepdim);
    }

    /** The row-major index of the first smallest element, int64; {@code torch.argmin}. */
    default Tensor argmin() {
        return argmin(false);
    }

    /** Returns the row-major index of the first smallest element, which may keep the number of dimensions; {@code torch.argmin}. */
    default Tensor argmin(boolean keepdim) {
        return MinMaxOps.argmax(Reduction.ARGMIN, (Tensor) this, null, keepdim);
    }

    /** The index of the first smallest along a dimension; {@code torch.argmin}. */
    default Tensor argmin(int dim) {
        return argmin(dim, false);
    }

    /** Returns the index of the first smallest along a dimension, which is kept if {@code keepdim}; {@code torch.argmin}. */
    default Tensor argmin(int dim, boolean keepdim) {
        return MinMaxOps.argmax(Reduction.ARGMIN, (Tensor) this, dim, keepdim);
    }
}
