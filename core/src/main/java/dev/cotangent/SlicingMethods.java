package dev.cotangent;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.movement.SplitOps;
import dev.cotangent.internal.ops.movement.ViewOps;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Views of some of the elements, one or several at once. */
sealed interface SlicingMethods extends Iterable<Tensor> permits Tensor {
    /** One index of a dimension, which goes away. {@code torch.select}. */
    default Tensor select(int dim, long index) {
        return ViewOps.select((Tensor) this, dim, index);
    }

    /** So many indices of a dimension from one on; an error where there are fewer. {@code torch.narrow}. */
    default Tensor narrow(int dim, long start, long length) {
        return ViewOps.narrow((Tensor) this, dim, start, length);
    }

    /** {@link #narrow} with the start as an integer tensor of one element. {@code torch.narrow}. */
    default Tensor narrow(int dim, Tensor start, long length) {
        Arguments.notNull("narrow", "start", start);
        if (start.dim() != 0 || start.dtype().isFloatingPoint() || start.dtype() == Dtype.BOOL) {
            throw new CotangentException("start must be an 0-dim integral Tensor.");
        }
        return narrow(dim, start.itemLong(), length);
    }

    /** Returns a copy of {@link #narrow(int, long, long)}. {@code torch.narrow_copy}. */
    default Tensor narrowCopy(int dim, long start, long length) {
        return ViewOps.narrowCopy((Tensor) this, dim, start, length);
    }

    /** Indices from one up to and without another, as Python's slices. */
    default Tensor slice(int dim, long start, long end) {
        return slice(dim, start, end, 1);
    }

    /** Indices {@code start}, {@code start + step} and so on, up to and without {@code end}, as Python's slices. */
    default Tensor slice(int dim, @Nullable Long start, @Nullable Long end, long step) {
        return ViewOps.slice((Tensor) this, dim, start, end, step);
    }

    /** The main diagonal of a matrix. {@code torch.diagonal}. */
    default Tensor diagonal() {
        return diagonal(0, 0, 1);
    }

    /** The diagonal over two dimensions, so far above the main one, as a new last dimension. {@code torch.diagonal}. */
    default Tensor diagonal(long offset, int dim1, int dim2) {
        return ViewOps.diagonal((Tensor) this, offset, dim1, dim2);
    }

    /** All windows of a size along a dimension, so far apart, each along a new last one. {@code torch.Tensor.unfold}. */
    default Tensor unfold(int dimension, long size, long step) {
        return ViewOps.unfold((Tensor) this, dimension, size, step);
    }

    /** {@link #split(long, int)} along the first dimension. */
    default List<Tensor> split(long splitSize) {
        return split(splitSize, 0);
    }

    /** Parts of one size along a dimension, the last perhaps smaller. {@code torch.split}. */
    default List<Tensor> split(long splitSize, int dim) {
        return SplitOps.split((Tensor) this, splitSize, dim);
    }

    /** Parts of these sizes along a dimension, which must add up. {@code torch.split}. */
    default List<Tensor> split(long[] splitSize, int dim) {
        Arguments.notNull("split", "split_size", splitSize);
        return SplitOps.split((Tensor) this, splitSize, dim);
    }

    /** {@link #split(long[], int)} by its other name. {@code torch.split_with_sizes}. */
    default List<Tensor> splitWithSizes(long[] splitSizes, int dim) {
        Arguments.notNull("split_with_sizes", "split_sizes", splitSizes);
        return SplitOps.split((Tensor) this, splitSizes, dim);
    }

    /** {@link #chunk(long, int)} along the first dimension. */
    default List<Tensor> chunk(long chunks) {
        return chunk(chunks, 0);
    }

    /** At most so many parts along a dimension, all of one size but the last. {@code torch.chunk}. */
    default List<Tensor> chunk(long chunks, int dim) {
        return SplitOps.chunk((Tensor) this, chunks, dim);
    }

    /** So many parts along a dimension, the first larger by one where they are uneven. {@code torch.tensor_split}. */
    default List<Tensor> tensorSplit(long indicesOrSections, int dim) {
        return SplitOps.tensorSplit((Tensor) this, indicesOrSections, dim);
    }

    /** Parts along a dimension, cut before these indices. {@code torch.tensor_split}. */
    default List<Tensor> tensorSplit(long[] indicesOrSections, int dim) {
        Arguments.notNull("tensor_split", "indices_or_sections", indicesOrSections);
        return SplitOps.tensorSplit((Tensor) this, indicesOrSections, dim);
    }

    /** {@link #tensorSplit(long, int)} or {@link #tensorSplit(long[], int)} by an int64 tensor on the CPU. */
    default List<Tensor> tensorSplit(Tensor indicesOrSections, int dim) {
        Arguments.notNull("tensor_split", "indices_or_sections", indicesOrSections);
        return SplitOps.tensorSplit((Tensor) this, indicesOrSections, dim);
    }

    /** Even parts along the second dimension, or the only one. {@code torch.hsplit}. */
    default List<Tensor> hsplit(long sections) {
        return SplitOps.evenly("hsplit", (Tensor) this, sections);
    }

    /** Parts along the second dimension, or the only one, cut before these indices. {@code torch.hsplit}. */
    default List<Tensor> hsplit(long[] indices) {
        Arguments.notNull("hsplit", "indices", indices);
        return SplitOps.before("hsplit", (Tensor) this, indices);
    }

    /** Even parts along the first of at least two dimensions. {@code torch.vsplit}. */
    default List<Tensor> vsplit(long sections) {
        return SplitOps.evenly("vsplit", (Tensor) this, sections);
    }

    /** Parts along the first of at least two dimensions, cut before these indices. {@code torch.vsplit}. */
    default List<Tensor> vsplit(long[] indices) {
        Arguments.notNull("vsplit", "indices", indices);
        return SplitOps.before("vsplit", (Tensor) this, indices);
    }

    /** Even parts along the third dimension. {@code torch.dsplit}. */
    default List<Tensor> dsplit(long sections) {
        return SplitOps.evenly("dsplit", (Tensor) this, sections);
    }

    /** Parts along the third dimension, cut before these indices. {@code torch.dsplit}. */
    default List<Tensor> dsplit(long[] indices) {
        Arguments.notNull("dsplit", "indices", indices);
        return SplitOps.before("dsplit", (Tensor) this, indices);
    }

    /** {@link #unbind(int)} of the first dimension, one after the other. Python's {@code for row in tensor}. */
    @Override
    default Iterator<Tensor> iterator() {
        if (((Tensor) this).dim() == 0) throw new TypeException("iteration over a 0-d tensor");
        return unbind(0).iterator();
    }

    /** {@link #unbind(int)} of the first dimension. */
    default List<Tensor> unbind() {
        return unbind(0);
    }

    /** One tensor for each index of a dimension. {@code torch.unbind}. */
    default List<Tensor> unbind(int dim) {
        return SplitOps.unbind((Tensor) this, dim);
    }
}
