package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.movement.SplitOps;
import dev.cotangent.internal.ops.movement.ViewOps;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Views of a part of the elements, or several such views. */
sealed interface SlicingMethods extends Iterable<Tensor> permits Tensor {
    /** Selects one index of a dimension and drops the dimension. {@code torch.select}. */
    default Tensor select(int dim, long index) {
        return end(start("select", this), ViewOps.select((Tensor) this, dim, index));
    }

    /** Selects {@code length} indices of a dimension; throws if there are fewer. {@code torch.narrow}. */
    default Tensor narrow(int dim, long start, long length) {
        return end(start("narrow", this), ViewOps.narrow((Tensor) this, dim, start, length));
    }

    /** Works as {@link #narrow} with the start as an integer tensor of one element. {@code torch.narrow}. */
    default Tensor narrow(int dim, Tensor start, long length) {
        Arguments.notNull("narrow", "start", start);
        if (start.dim() != 0 || start.dtype().isFloatingPoint() || start.dtype() == Dtype.BOOL) {
            throw new CotangentException("start must be an 0-dim integral Tensor.");
        }
        return narrow(dim, start.itemLong(), length);
    }

    /** Returns a copy of {@link #narrow(int, long, long)}. {@code torch.narrow_copy}. */
    default Tensor narrowCopy(int dim, long start, long length) {
        return end(start("narrow_copy", this), ViewOps.narrowCopy((Tensor) this, dim, start, length));
    }

    /** Selects indices [start, end) of a dimension, as Python's slices. */
    default Tensor slice(int dim, long start, long end) {
        return slice(dim, start, end, 1);
    }

    /** Selects indices {@code start}, {@code start + step} and so on, excluding {@code end}, as Python's slices. */
    default Tensor slice(int dim, @Nullable Long start, @Nullable Long end, long step) {
        return end(start("slice", this), ViewOps.slice((Tensor) this, dim, start, end, step));
    }

    /** Returns the main diagonal of a matrix. {@code torch.diagonal}. */
    default Tensor diagonal() {
        return diagonal(0, 0, 1);
    }

    /**
     * Returns a diagonal over two dimensions, counted upwards from the main one, as a new last dimension. {@code
     * torch.diagonal}.
     */
    default Tensor diagonal(long offset, int dim1, int dim2) {
        return end(start("diagonal", this), ViewOps.diagonal((Tensor) this, offset, dim1, dim2));
    }

    /**
     * Returns all windows of a size along a dimension, {@code step} indices between their starts, as a new last
     * dimension. {@code torch.Tensor.unfold}.
     */
    default Tensor unfold(int dimension, long size, long step) {
        return end(start("unfold", this), ViewOps.unfold((Tensor) this, dimension, size, step));
    }

    /** Works as {@link #split(long, int)} along the first dimension. */
    default List<Tensor> split(long splitSize) {
        return split(splitSize, 0);
    }

    /** Splits a dimension into parts of one size; the last may be smaller. {@code torch.split}. */
    default List<Tensor> split(long splitSize, int dim) {
        return end(start("split", this), SplitOps.split((Tensor) this, splitSize, dim));
    }

    /** Splits a dimension into parts of given sizes, whose sum is the dimension's. {@code torch.split}. */
    default List<Tensor> split(long[] splitSize, int dim) {
        Arguments.notNull("split", "split_size", splitSize);
        return end(start("split", this), SplitOps.split((Tensor) this, splitSize, dim));
    }

    /** Works as {@link #split(long[], int)}. {@code torch.split_with_sizes}. */
    default List<Tensor> splitWithSizes(long[] splitSizes, int dim) {
        Arguments.notNull("split_with_sizes", "split_sizes", splitSizes);
        return end(start("split_with_sizes", this), SplitOps.split((Tensor) this, splitSizes, dim));
    }

    /** Works as {@link #chunk(long, int)} along the first dimension. */
    default List<Tensor> chunk(long chunks) {
        return chunk(chunks, 0);
    }

    /** Splits a dimension into at most {@code chunks} parts, all of one size but the last. {@code torch.chunk}. */
    default List<Tensor> chunk(long chunks, int dim) {
        return end(start("chunk", this), SplitOps.chunk((Tensor) this, chunks, dim));
    }

    /**
     * Splits a dimension into parts, the first larger by one if it does not divide evenly. {@code
     * torch.tensor_split}.
     */
    default List<Tensor> tensorSplit(long indicesOrSections, int dim) {
        return end(start("tensor_split", this), SplitOps.tensorSplit((Tensor) this, indicesOrSections, dim));
    }

    /** Splits a dimension at indices. {@code torch.tensor_split}. */
    default List<Tensor> tensorSplit(long[] indicesOrSections, int dim) {
        Arguments.notNull("tensor_split", "indices_or_sections", indicesOrSections);
        return end(start("tensor_split", this), SplitOps.tensorSplit((Tensor) this, indicesOrSections, dim));
    }

    /**
     * Works as {@link #tensorSplit(long, int)} or {@link #tensorSplit(long[], int)} with an int64 tensor on the CPU.
     */
    default List<Tensor> tensorSplit(Tensor indicesOrSections, int dim) {
        Arguments.notNull("tensor_split", "indices_or_sections", indicesOrSections);
        return end(
                start("tensor_split", this, indicesOrSections),
                SplitOps.tensorSplit((Tensor) this, indicesOrSections, dim));
    }

    /** Splits the second dimension, or the only one, evenly. {@code torch.hsplit}. */
    default List<Tensor> hsplit(long sections) {
        return end(start("hsplit", this), SplitOps.evenly("hsplit", (Tensor) this, sections));
    }

    /** Splits the second dimension, or the only one, at indices. {@code torch.hsplit}. */
    default List<Tensor> hsplit(long[] indices) {
        Arguments.notNull("hsplit", "indices", indices);
        return end(start("hsplit", this), SplitOps.before("hsplit", (Tensor) this, indices));
    }

    /** Splits the first of at least two dimensions evenly. {@code torch.vsplit}. */
    default List<Tensor> vsplit(long sections) {
        return end(start("vsplit", this), SplitOps.evenly("vsplit", (Tensor) this, sections));
    }

    /** Splits the first of at least two dimensions at indices. {@code torch.vsplit}. */
    default List<Tensor> vsplit(long[] indices) {
        Arguments.notNull("vsplit", "indices", indices);
        return end(start("vsplit", this), SplitOps.before("vsplit", (Tensor) this, indices));
    }

    /** Splits the third dimension evenly. {@code torch.dsplit}. */
    default List<Tensor> dsplit(long sections) {
        return end(start("dsplit", this), SplitOps.evenly("dsplit", (Tensor) this, sections));
    }

    /** Splits the third dimension at indices. {@code torch.dsplit}. */
    default List<Tensor> dsplit(long[] indices) {
        Arguments.notNull("dsplit", "indices", indices);
        return end(start("dsplit", this), SplitOps.before("dsplit", (Tensor) this, indices));
    }

    /** Iterates over {@link #unbind(int)} of the first dimension. Python's {@code for row in tensor}. */
    @Override
    default Iterator<Tensor> iterator() {
        if (((Tensor) this).dim() == 0) throw new TypeException("iteration over a 0-d tensor");
        return unbind(0).iterator();
    }

    /** Works as {@link #unbind(int)} of the first dimension. */
    default List<Tensor> unbind() {
        return unbind(0);
    }

    /** Returns one tensor per index of a dimension. {@code torch.unbind}. */
    default List<Tensor> unbind(int dim) {
        return end(start("unbind", this), SplitOps.unbind((Tensor) this, dim));
    }
}
