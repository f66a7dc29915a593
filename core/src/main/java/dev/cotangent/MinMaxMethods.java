package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.backend.Reduction;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.reduction.MinMaxOps;

/**
 * Min/max reductions and arg-reductions, over all or some dimensions. NaN propagates. Throws if there are no
 * elements.
 */
sealed interface MinMaxMethods permits Tensor {
    /** Returns the maximum of all elements; ties share the gradient evenly. {@code torch.max}. */
    default Tensor max() {
        return end(start("max", this), MinMaxOps.max(Reduction.MAX, (Tensor) this));
    }

    /** Returns the maximum along a dimension and its first index; {@code torch.max}. */
    default ValuesIndices max(int dim) {
        return max(dim, false);
    }

    /** Returns the maximum along a dimension and its first index; {@code torch.max}. */
    default ValuesIndices max(int dim, boolean keepdim) {
        return end(start("max", this), MinMaxOps.max(Reduction.MAX, (Tensor) this, dim, keepdim));
    }

    /** Returns the minimum of all elements; ties share the gradient evenly. {@code torch.min}. */
    default Tensor min() {
        return end(start("min", this), MinMaxOps.max(Reduction.MIN, (Tensor) this));
    }

    /** Returns the minimum along a dimension and its first index; {@code torch.min}. */
    default ValuesIndices min(int dim) {
        return min(dim, false);
    }

    /** Returns the minimum along a dimension and its first index; {@code torch.min}. */
    default ValuesIndices min(int dim, boolean keepdim) {
        return end(start("min", this), MinMaxOps.max(Reduction.MIN, (Tensor) this, dim, keepdim));
    }

    /** Returns the maximum over dimensions (none means all); ties share the gradient evenly. {@code torch.amax}. */
    default Tensor amax(int... dim) {
        Arguments.notNull("amax", "dim", dim);
        return amax(dim, false);
    }

    /** Returns the maximum along a dimension, which is kept with size 1 if {@code keepdim}; {@code torch.amax}. */
    default Tensor amax(int dim, boolean keepdim) {
        return amax(new int[] {dim}, keepdim);
    }

    /** Returns the maximum over dimensions; {@code torch.amax}. */
    default Tensor amax(int[] dim, boolean keepdim) {
        Arguments.notNull("amax", "dim", dim);
        return end(start("amax", this), MinMaxOps.amax(Reduction.MAX, (Tensor) this, dim, keepdim));
    }

    /** Returns the minimum over dimensions (none means all); ties share the gradient evenly. {@code torch.amin}. */
    default Tensor amin(int... dim) {
        Arguments.notNull("amin", "dim", dim);
        return amin(dim, false);
    }

    /** Returns the minimum along a dimension, which is kept with size 1 if {@code keepdim}; {@code torch.amin}. */
    default Tensor amin(int dim, boolean keepdim) {
        return amin(new int[] {dim}, keepdim);
    }

    /** Returns the minimum over dimensions; {@code torch.amin}. */
    default Tensor amin(int[] dim, boolean keepdim) {
        Arguments.notNull("amin", "dim", dim);
        return end(start("amin", this), MinMaxOps.amax(Reduction.MIN, (Tensor) this, dim, keepdim));
    }

    /** Returns the minimum and maximum of all elements; {@code torch.aminmax}. */
    default MinMax aminmax() {
        return end(start("aminmax", this), MinMaxOps.aminmax((Tensor) this, null, false));
    }

    /**
     * Returns the minimum and maximum of all elements, with all dimensions of size 1 if {@code keepdim}; {@code
     * torch.aminmax}.
     */
    default MinMax aminmax(boolean keepdim) {
        return end(start("aminmax", this), MinMaxOps.aminmax((Tensor) this, null, keepdim));
    }

    /** Returns the minimum and maximum along a dimension; {@code torch.aminmax}. */
    default MinMax aminmax(int dim) {
        return aminmax(dim, false);
    }

    /** Returns the minimum and maximum along a dimension; {@code torch.aminmax}. */
    default MinMax aminmax(int dim, boolean keepdim) {
        return end(start("aminmax", this), MinMaxOps.aminmax((Tensor) this, dim, keepdim));
    }

    /** Returns the row-major index of the first maximum, int64; {@code torch.argmax}. */
    default Tensor argmax() {
        return argmax(false);
    }

    /**
     * Returns the row-major index of the first maximum, with all dimensions of size 1 if {@code keepdim}; {@code
     * torch.argmax}.
     */
    default Tensor argmax(boolean keepdim) {
        return end(start("argmax", this), MinMaxOps.argmax(Reduction.ARGMAX, (Tensor) this, null, keepdim));
    }

    /** Returns the first index of the maximum along a dimension; {@code torch.argmax}. */
    default Tensor argmax(int dim) {
        return argmax(dim, false);
    }

    /**
     * Returns the first index of the maximum along a dimension, which is kept with size 1 if {@code keepdim}; {@code
     * torch.argmax}.
     */
    default Tensor argmax(int dim, boolean keepdim) {
        return end(start("argmax", this), MinMaxOps.argmax(Reduction.ARGMAX, (Tensor) this, dim, keepdim));
    }

    /** Returns the row-major index of the first minimum, int64; {@code torch.argmin}. */
    default Tensor argmin() {
        return argmin(false);
    }

    /**
     * Returns the row-major index of the first minimum, with all dimensions of size 1 if {@code keepdim}; {@code
     * torch.argmin}.
     */
    default Tensor argmin(boolean keepdim) {
        return end(start("argmin", this), MinMaxOps.argmax(Reduction.ARGMIN, (Tensor) this, null, keepdim));
    }

    /** Returns the first index of the minimum along a dimension; {@code torch.argmin}. */
    default Tensor argmin(int dim) {
        return argmin(dim, false);
    }

    /**
     * Returns the first index of the minimum along a dimension, which is kept with size 1 if {@code keepdim}; {@code
     * torch.argmin}.
     */
    default Tensor argmin(int dim, boolean keepdim) {
        return end(start("argmin", this), MinMaxOps.argmax(Reduction.ARGMIN, (Tensor) this, dim, keepdim));
    }
}
