package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.movement.BitOps;
import dev.cotangent.internal.ops.movement.CopyOps;
import dev.cotangent.internal.ops.movement.ShapeOps;
import dev.cotangent.internal.ops.movement.ViewOps;

/**
 * Shape operations: views if strides can express the result, else copies. A view shares memory, history and version
 * counter with its base. Names that end in an underscore change the tensor itself.
 */
sealed interface ShapeMethods permits Tensor {
    /**
     * Returns a view of another shape, in which one size may be -1; throws if strides cannot express it. {@code
     * torch.Tensor.view}.
     */
    default Tensor view(long... size) {
        Arguments.notNull("view", "size", size);
        return end(start("view", this), ViewOps.view((Tensor) this, size));
    }

    /**
     * Returns the bits as elements of another dtype; {@code torch.Tensor.view(dtype)}. A dtype of another size changes the
     * last dimension: a smaller one needs its stride to be 1, a larger one that its size, the offset and the other strides are
     * divisible. Not differentiable.
     *
     * <p>Unlike in PyTorch the result is a copy, except of this dtype: an array of Java has elements of one type, so a write
     * to one is not seen in the other.
     */
    default Tensor view(Dtype dtype) {
        Arguments.notNull("view", "dtype", dtype);
        return end(start("view", this), BitOps.view((Tensor) this, dtype));
    }

    /** Works as {@link #view(long...)} with the shape of another. {@code torch.Tensor.view_as}. */
    default Tensor viewAs(Tensor other) {
        Arguments.notNull("view_as", "other", other);
        return view(Internals.layout(other).sizes());
    }

    /**
     * Returns this in another shape, in which one size may be -1; a view if possible, else a copy. {@code
     * torch.reshape}.
     */
    default Tensor reshape(long... shape) {
        Arguments.notNull("reshape", "shape", shape);
        return end(start("reshape", this), ViewOps.reshape((Tensor) this, shape));
    }

    /** Works as {@link #reshape} to the shape of another. {@code torch.Tensor.reshape_as}. */
    default Tensor reshapeAs(Tensor other) {
        Arguments.notNull("reshape_as", "other", other);
        return reshape(Internals.layout(other).sizes());
    }

    /** Flattens all dimensions into one. {@code torch.flatten}. */
    default Tensor flatten() {
        return flatten(0, -1);
    }

    /** Flattens a range of dimensions (inclusive) into one; a 0-dimensional tensor to size 1. {@code torch.flatten}. */
    default Tensor flatten(int startDim, int endDim) {
        return end(start("flatten", this), ShapeOps.flatten((Tensor) this, startDim, endDim));
    }

    /** Splits a dimension into several; one size may be -1. {@code torch.unflatten}. */
    default Tensor unflatten(int dim, long... sizes) {
        Arguments.notNull("unflatten", "sizes", sizes);
        return end(start("unflatten", this), ShapeOps.unflatten((Tensor) this, dim, sizes));
    }

    /** Flattens to one dimension, row-major; a view if possible. {@code torch.ravel}. */
    default Tensor ravel() {
        return contiguous().view(-1);
    }

    /** Permutes the dimensions. {@code torch.permute}. */
    default Tensor permute(int... dims) {
        Arguments.notNull("permute", "dims", dims);
        return end(start("permute", this), ViewOps.permute((Tensor) this, dims));
    }

    /** Moves a dimension, keeping the order of the others. {@code torch.movedim}. */
    default Tensor movedim(int source, int destination) {
        return movedim(new int[] {source}, new int[] {destination});
    }

    /** Moves dimensions, keeping the order of the others. {@code torch.movedim}. */
    default Tensor movedim(int[] source, int[] destination) {
        Arguments.notNull("movedim", "source", source);
        Arguments.notNull("movedim", "destination", destination);
        return end(start("movedim", this), ShapeOps.movedim((Tensor) this, source, destination));
    }

    /** Works as {@link #movedim(int, int)}, by NumPy's name. {@code torch.moveaxis}. */
    default Tensor moveaxis(int source, int destination) {
        return movedim(source, destination);
    }

    /** Works as {@link #movedim(int[], int[])}, by NumPy's name. {@code torch.moveaxis}. */
    default Tensor moveaxis(int[] source, int[] destination) {
        Arguments.notNull("moveaxis", "source", source);
        Arguments.notNull("moveaxis", "destination", destination);
        return movedim(source, destination);
    }

    /** Swaps two dimensions. {@code torch.transpose}. */
    default Tensor transpose(int dim0, int dim1) {
        return end(start("transpose", this), ViewOps.transpose((Tensor) this, dim0, dim1));
    }

    /** Works as {@link #transpose}, on this tensor itself. */
    default Tensor transpose_(int dim0, int dim1) {
        return end(start("transpose_", this), ViewOps.transposeInPlace((Tensor) this, dim0, dim1));
    }

    /** Works as {@link #transpose}, by NumPy's name. {@code torch.swapaxes}. */
    default Tensor swapaxes(int axis0, int axis1) {
        return transpose(axis0, axis1);
    }

    /** Works as {@link #transpose_}, by NumPy's name. */
    default Tensor swapaxes_(int axis0, int axis1) {
        return transpose_(axis0, axis1);
    }

    /** Works as {@link #transpose}. {@code torch.swapdims}. */
    default Tensor swapdims(int dim0, int dim1) {
        return transpose(dim0, dim1);
    }

    /** Works as {@link #transpose_}. */
    default Tensor swapdims_(int dim0, int dim1) {
        return transpose_(dim0, dim1);
    }

    /** Transposes a matrix; returns lower ranks unchanged, throws for higher ones. {@code torch.t}. */
    default Tensor t() {
        return end(start("t", this), ViewOps.t((Tensor) this));
    }

    /** Works as {@link #t}, on this tensor itself. */
    default Tensor t_() {
        return end(start("t_", this), ViewOps.tInPlace((Tensor) this));
    }

    /** Reverses the order of the dimensions. {@code torch.Tensor.T}. */
    default Tensor T() {
        return end(start("T", this), ShapeOps.reversed((Tensor) this));
    }

    /** Transposes matrices: swaps the last two dimensions. {@code torch.Tensor.mT}. */
    default Tensor mT() {
        return end(start("mT", this), ShapeOps.matrixTransposed((Tensor) this, "mT"));
    }

    /** Returns the adjoint of a matrix, for real numbers its transpose. {@code torch.Tensor.H}. */
    default Tensor H() {
        return end(start("H", this), ShapeOps.hermitian((Tensor) this));
    }

    /** Returns the adjoints of matrices, for real numbers their transposes. {@code torch.Tensor.mH}. */
    default Tensor mH() {
        return end(start("mH", this), ShapeOps.matrixTransposed((Tensor) this, "mH"));
    }

    /** Works as {@link #mH}. {@code torch.adjoint}. */
    default Tensor adjoint() {
        return mH();
    }

    /** Inserts a dimension of size 1. {@code torch.unsqueeze}. */
    default Tensor unsqueeze(int dim) {
        return end(start("unsqueeze", this), ViewOps.unsqueeze((Tensor) this, dim));
    }

    /** Works as {@link #unsqueeze}, on this tensor itself. */
    default Tensor unsqueeze_(int dim) {
        return end(start("unsqueeze_", this), ViewOps.unsqueezeInPlace((Tensor) this, dim));
    }

    /** Removes a dimension if its size is 1. {@code torch.squeeze}. */
    default Tensor squeeze(int dim) {
        return end(start("squeeze", this), ViewOps.squeeze((Tensor) this, dim));
    }

    /** Removes all dimensions of size 1. {@code torch.squeeze}. */
    default Tensor squeeze() {
        return end(start("squeeze", this), ViewOps.squeeze((Tensor) this));
    }

    /** Removes those of several dimensions whose size is 1. {@code torch.squeeze}. */
    default Tensor squeeze(int... dim) {
        return end(start("squeeze", this), ViewOps.squeeze((Tensor) this, Arguments.notNull("squeeze", "dim", dim)));
    }

    /** Works as {@link #squeeze(int...)} in place. */
    default Tensor squeeze_(int... dim) {
        return end(
                start("squeeze_", this),
                ViewOps.squeezeInPlace((Tensor) this, Arguments.notNull("squeeze_", "dim", dim)));
    }

    /** Works as {@link #squeeze(int)}, on this tensor itself. */
    default Tensor squeeze_(int dim) {
        return end(start("squeeze_", this), ViewOps.squeezeInPlace((Tensor) this, dim));
    }

    /** Works as {@link #squeeze()}, on this tensor itself. */
    default Tensor squeeze_() {
        return end(start("squeeze_", this), ViewOps.squeezeInPlace((Tensor) this));
    }

    /** Broadcasts to a shape without copying; -1 keeps a size. {@code torch.Tensor.expand}. */
    default Tensor expand(long... size) {
        Arguments.notNull("expand", "size", size);
        return end(start("expand", this), ViewOps.expand((Tensor) this, size));
    }

    /** Works as {@link #expand} to the shape of another. {@code torch.Tensor.expand_as}. */
    default Tensor expandAs(Tensor other) {
        Arguments.notNull("expand_as", "other", other);
        return expand(Internals.layout(other).sizes());
    }

    /** Works as {@link #expand}, by NumPy's name. {@code torch.broadcast_to}. */
    default Tensor broadcastTo(long... size) {
        Arguments.notNull("broadcast_to", "size", size);
        return expand(size);
    }

    /** Returns a view of given strides at this tensor's storage offset. {@code torch.as_strided}. */
    default Tensor asStrided(long[] size, long[] stride) {
        Arguments.notNull("as_strided", "size", size);
        Arguments.notNull("as_strided", "stride", stride);
        return end(start("as_strided", this), ViewOps.asStrided((Tensor) this, size, stride, null));
    }

    /** Returns a view of given strides at an offset from the start of the storage. {@code torch.as_strided}. */
    default Tensor asStrided(long[] size, long[] stride, long storageOffset) {
        Arguments.notNull("as_strided", "size", size);
        Arguments.notNull("as_strided", "stride", stride);
        return end(start("as_strided", this), ViewOps.asStrided((Tensor) this, size, stride, storageOffset));
    }

    /** Changes this tensor's strides, at its storage offset. {@code torch.as_strided_}. */
    default Tensor asStrided_(long[] size, long[] stride) {
        Arguments.notNull("as_strided_", "size", size);
        Arguments.notNull("as_strided_", "stride", stride);
        return end(start("as_strided_", this), ViewOps.asStridedInPlace((Tensor) this, size, stride, null));
    }

    /** Changes this tensor's strides and its offset from the start of the storage. {@code torch.as_strided_}. */
    default Tensor asStrided_(long[] size, long[] stride, long storageOffset) {
        Arguments.notNull("as_strided_", "size", size);
        Arguments.notNull("as_strided_", "stride", stride);
        return end(start("as_strided_", this), ViewOps.asStridedInPlace((Tensor) this, size, stride, storageOffset));
    }

    /** Returns a view of at least one dimension. {@code torch.atleast_1d}. */
    default Tensor atleast1d() {
        return end(start("atleast_1d", this), ShapeOps.atLeast(1, (Tensor) this));
    }

    /** Returns a view of at least two dimensions, new ones first. {@code torch.atleast_2d}. */
    default Tensor atleast2d() {
        return end(start("atleast_2d", this), ShapeOps.atLeast(2, (Tensor) this));
    }

    /**
     * Returns a view of at least three dimensions: a vector as 1 x n x 1, a matrix with a new last dimension. {@code
     * torch.atleast_3d}.
     */
    default Tensor atleast3d() {
        return end(start("atleast_3d", this), ShapeOps.atLeast(3, (Tensor) this));
    }

    /** Returns this if it is contiguous (row-major), else a copy. {@code torch.Tensor.contiguous}. */
    default Tensor contiguous() {
        Tensor t = (Tensor) this;
        return end(start("contiguous", this), t.isContiguous() ? t : CopyOps.contiguousCopy(t));
    }

    /** Returns a contiguous copy, always with its own memory. */
    default Tensor contiguousCopy() {
        return end(start("contiguous", this), CopyOps.contiguousCopy((Tensor) this));
    }

    /**
     * Changes the sizes of a tensor that does not require grad, growing its memory if needed. {@code
     * torch.Tensor.resize_}.
     */
    default Tensor resize_(long... size) {
        Arguments.notNull("resize_", "size", size);
        return end(start("resize_", this), ShapeOps.resize((Tensor) this, size));
    }
}
