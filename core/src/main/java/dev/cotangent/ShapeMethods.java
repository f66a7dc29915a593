package dev.cotangent;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.movement.CopyOps;
import dev.cotangent.internal.ops.movement.ShapeOps;
import dev.cotangent.internal.ops.movement.ViewOps;

/**
 * Other shapes of the same elements: views where strides can express the result, copies where not. A view shares memory,
 * history and the count of writes with its tensor. A name that ends in an underscore changes the tensor itself.
 */
sealed interface ShapeMethods permits Tensor {
    /** The same memory under another shape, one size may be -1; an error where strides cannot. {@code torch.Tensor.view}. */
    default Tensor view(long... size) {
        Arguments.notNull("view", "size", size);
        return ViewOps.view((Tensor) this, size);
    }

    /** {@link #view(long...)} with the shape of another. {@code torch.Tensor.view_as}. */
    default Tensor viewAs(Tensor other) {
        Arguments.notNull("view_as", "other", other);
        return view(Internals.layout(other).sizes());
    }

    /** Another shape, one size may be -1; a view where possible, else a copy. {@code torch.reshape}. */
    default Tensor reshape(long... shape) {
        Arguments.notNull("reshape", "shape", shape);
        return ViewOps.reshape((Tensor) this, shape);
    }

    /** {@link #reshape} to the shape of another. {@code torch.Tensor.reshape_as}. */
    default Tensor reshapeAs(Tensor other) {
        Arguments.notNull("reshape_as", "other", other);
        return reshape(Internals.layout(other).sizes());
    }

    /** All dimensions in one. {@code torch.flatten}. */
    default Tensor flatten() {
        return flatten(0, -1);
    }

    /** The dimensions from one to another (included) in one; without dimensions, one of size 1. {@code torch.flatten}. */
    default Tensor flatten(int startDim, int endDim) {
        return ShapeOps.flatten((Tensor) this, startDim, endDim);
    }

    /** A dimension as several, one size may be -1. {@code torch.unflatten}. */
    default Tensor unflatten(int dim, long... sizes) {
        Arguments.notNull("unflatten", "sizes", sizes);
        return ShapeOps.unflatten((Tensor) this, dim, sizes);
    }

    /** One dimension, row-major; a view where possible. {@code torch.ravel}. */
    default Tensor ravel() {
        return contiguous().view(-1);
    }

    /** The dimensions in another order. {@code torch.permute}. */
    default Tensor permute(int... dims) {
        Arguments.notNull("permute", "dims", dims);
        return ViewOps.permute((Tensor) this, dims);
    }

    /** A dimension moved, the others in their order. {@code torch.movedim}. */
    default Tensor movedim(int source, int destination) {
        return movedim(new int[] {source}, new int[] {destination});
    }

    /** Dimensions moved, the others in their order. {@code torch.movedim}. */
    default Tensor movedim(int[] source, int[] destination) {
        Arguments.notNull("movedim", "source", source);
        Arguments.notNull("movedim", "destination", destination);
        return ShapeOps.movedim((Tensor) this, source, destination);
    }

    /** {@link #movedim(int, int)} by NumPy's name. {@code torch.moveaxis}. */
    default Tensor moveaxis(int source, int destination) {
        return movedim(source, destination);
    }

    /** {@link #movedim(int[], int[])} by NumPy's name. {@code torch.moveaxis}. */
    default Tensor moveaxis(int[] source, int[] destination) {
        Arguments.notNull("moveaxis", "source", source);
        Arguments.notNull("moveaxis", "destination", destination);
        return movedim(source, destination);
    }

    /** Two dimensions swapped. {@code torch.transpose}. */
    default Tensor transpose(int dim0, int dim1) {
        return ViewOps.transpose((Tensor) this, dim0, dim1);
    }

    /** {@link #transpose} of this tensor itself. */
    default Tensor transpose_(int dim0, int dim1) {
        return ViewOps.transposeInPlace((Tensor) this, dim0, dim1);
    }

    /** {@link #transpose} by NumPy's name. {@code torch.swapaxes}. */
    default Tensor swapaxes(int axis0, int axis1) {
        return transpose(axis0, axis1);
    }

    /** {@link #transpose_} by NumPy's name. */
    default Tensor swapaxes_(int axis0, int axis1) {
        return transpose_(axis0, axis1);
    }

    /** {@link #transpose} by another name. {@code torch.swapdims}. */
    default Tensor swapdims(int dim0, int dim1) {
        return transpose(dim0, dim1);
    }

    /** {@link #transpose_} by another name. */
    default Tensor swapdims_(int dim0, int dim1) {
        return transpose_(dim0, dim1);
    }

    /** A matrix transposed; fewer dimensions as they are, more are an error. {@code torch.t}. */
    default Tensor t() {
        return ViewOps.t((Tensor) this);
    }

    /** {@link #t} of this tensor itself. */
    default Tensor t_() {
        return ViewOps.tInPlace((Tensor) this);
    }

    /** The dimensions in reverse order. {@code torch.Tensor.T}. */
    default Tensor T() {
        return ShapeOps.reversed((Tensor) this);
    }

    /** Matrices transposed: the last two dimensions swapped. {@code torch.Tensor.mT}. */
    default Tensor mT() {
        return ShapeOps.matrixTransposed((Tensor) this, "mT");
    }

    /** The adjoint of a matrix, which of real numbers is its transpose. {@code torch.Tensor.H}. */
    default Tensor H() {
        return ShapeOps.hermitian((Tensor) this);
    }

    /** The adjoints of matrices, which of real numbers are their transposes. {@code torch.Tensor.mH}. */
    default Tensor mH() {
        return ShapeOps.matrixTransposed((Tensor) this, "mH");
    }

    /** {@link #mH} by its full name. {@code torch.adjoint}. */
    default Tensor adjoint() {
        return mH();
    }

    /** A new dimension of size 1. {@code torch.unsqueeze}. */
    default Tensor unsqueeze(int dim) {
        return ViewOps.unsqueeze((Tensor) this, dim);
    }

    /** {@link #unsqueeze} of this tensor itself. */
    default Tensor unsqueeze_(int dim) {
        return ViewOps.unsqueezeInPlace((Tensor) this, dim);
    }

    /** Without a dimension, if its size is 1. {@code torch.squeeze}. */
    default Tensor squeeze(int dim) {
        return ViewOps.squeeze((Tensor) this, dim);
    }

    /** Without the dimensions of size 1. {@code torch.squeeze}. */
    default Tensor squeeze() {
        return ViewOps.squeeze((Tensor) this);
    }

    /** Without those of several dimensions whose size is 1. {@code torch.squeeze}. */
    default Tensor squeeze(int... dim) {
        return ViewOps.squeeze((Tensor) this, Arguments.notNull("squeeze", "dim", dim));
    }

    /** {@link #squeeze(int...)} of this tensor itself. */
    default Tensor squeeze_(int... dim) {
        return ViewOps.squeezeInPlace((Tensor) this, Arguments.notNull("squeeze_", "dim", dim));
    }

    /** {@link #squeeze(int)} of this tensor itself. */
    default Tensor squeeze_(int dim) {
        return ViewOps.squeezeInPlace((Tensor) this, dim);
    }

    /** {@link #squeeze()} of this tensor itself. */
    default Tensor squeeze_() {
        return ViewOps.squeezeInPlace((Tensor) this);
    }

    /** Broadcast to a shape without copying; -1 keeps a size. {@code torch.Tensor.expand}. */
    default Tensor expand(long... size) {
        Arguments.notNull("expand", "size", size);
        return ViewOps.expand((Tensor) this, size);
    }

    /** {@link #expand} to the shape of another. {@code torch.Tensor.expand_as}. */
    default Tensor expandAs(Tensor other) {
        Arguments.notNull("expand_as", "other", other);
        return expand(Internals.layout(other).sizes());
    }

    /** {@link #expand} by NumPy's name. {@code torch.broadcast_to}. */
    default Tensor broadcastTo(long... size) {
        Arguments.notNull("broadcast_to", "size", size);
        return expand(size);
    }

    /** Any strides over the storage, with this one's offset in the storage. {@code torch.as_strided}. */
    default Tensor asStrided(long[] size, long[] stride) {
        Arguments.notNull("as_strided", "size", size);
        Arguments.notNull("as_strided", "stride", stride);
        return ViewOps.asStrided((Tensor) this, size, stride, null);
    }

    /** Any strides over the storage, the offset counted from the storage's start. {@code torch.as_strided}. */
    default Tensor asStrided(long[] size, long[] stride, long storageOffset) {
        Arguments.notNull("as_strided", "size", size);
        Arguments.notNull("as_strided", "stride", stride);
        return ViewOps.asStrided((Tensor) this, size, stride, storageOffset);
    }

    /** Any strides over the storage, of this tensor itself, with this one's offset in the storage. {@code torch.as_strided_}. */
    default Tensor asStrided_(long[] size, long[] stride) {
        Arguments.notNull("as_strided_", "size", size);
        Arguments.notNull("as_strided_", "stride", stride);
        return ViewOps.asStridedInPlace((Tensor) this, size, stride, null);
    }

    /** Any strides over the storage, of this tensor itself, the offset counted from the storage's start. {@code torch.as_strided_}. */
    default Tensor asStrided_(long[] size, long[] stride, long storageOffset) {
        Arguments.notNull("as_strided_", "size", size);
        Arguments.notNull("as_strided_", "stride", stride);
        return ViewOps.asStridedInPlace((Tensor) this, size, stride, storageOffset);
    }

    /** Of at least one dimension. {@code torch.atleast_1d}. */
    default Tensor atleast1d() {
        return ShapeOps.atLeast(1, (Tensor) this);
    }

    /** Of at least two dimensions, new ones in front. {@code torch.atleast_2d}. */
    default Tensor atleast2d() {
        return ShapeOps.atLeast(2, (Tensor) this);
    }

    /** Of at least three dimensions: of n elements 1 x n x 1, of a matrix with a new last one. {@code torch.atleast_3d}. */
    default Tensor atleast3d() {
        return ShapeOps.atLeast(3, (Tensor) this);
    }

    /** Row-major: itself, or a copy. {@code torch.Tensor.contiguous}. */
    default Tensor contiguous() {
        Tensor t = (Tensor) this;
        return t.isContiguous() ? t : CopyOps.contiguousCopy(t);
    }

    /** A row-major copy, always with memory of its own. */
    default Tensor contiguousCopy() {
        return CopyOps.contiguousCopy((Tensor) this);
    }

    /** Other sizes of a tensor that wants no gradient, its memory grown where needed. {@code torch.Tensor.resize_}. */
    default Tensor resize_(long... size) {
        Arguments.notNull("resize_", "size", size);
        return ShapeOps.resize((Tensor) this, size);
    }
}
