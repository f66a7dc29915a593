package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.indexing.AdvancedIndex;
import dev.cotangent.internal.ops.indexing.Selection;
import dev.cotangent.internal.ops.indexing.Subscript;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Indexing, to read and to write. The index comes first: {@code x.get(1, 2)}, {@code x.at(1, 2).set(v)}. An index is
 * the content of the brackets of Python's {@code x[...]}: integers, {@link Index} parts, text, index tensors, arrays.
 * Throws an {@link IndexException} if an index is out of range.
 */
sealed interface IndexingMethods permits Tensor {
    /** Returns the elements at one index of the first dimension: {@code x.get(1)} for Python's {@code x[1]}. */
    default Tensor get(long index) {
        return end(start("index", this), Subscript.get((Tensor) this, Subscript.list(index)));
    }

    /** Returns the elements at one index of each leading dimension: {@code x.get(1, 2)} for {@code x[1, 2]}. */
    default Tensor get(long first, long second, long... others) {
        Arguments.notNull("get", "others", others);
        return end(start("index", this), Subscript.get((Tensor) this, Subscript.list(first, second, others)));
    }

    /** Returns the elements at an index as Python writes it: {@code x.get("0:3, ..., None, -1")}. */
    default Tensor get(String index) {
        return end(
                start("index", this),
                Subscript.get((Tensor) this, Index.parse(Arguments.notNull("get", "index", index))));
    }

    /** Returns the elements at an index: a slice, a new axis, an index tensor. */
    default Tensor get(Index index) {
        return end(start("index", this), Subscript.get((Tensor) this, Subscript.list(new Index[] {index})));
    }

    /** Returns the elements at an index: a view for integers, slices and new axes, a copy for index tensors. */
    default Tensor get(Index... index) {
        return end(start("index", this), Subscript.get((Tensor) this, Subscript.list(index)));
    }

    /** Returns the elements at an index, {@link #get(Index...)}. */
    default Tensor get(List<Index> index) {
        Arguments.notNull("get", "index", index);
        return end(
                start("index", this),
                Subscript.get(
                        (Tensor) this,
                        Subscript.list(Arguments.notNull("get", "index", index).toArray(Index[]::new))));
    }

    /** Returns the elements at an index: {@code x.get(all(), 1)} for the column {@code x[:, 1]}. */
    default Tensor get(Index first, long... others) {
        Arguments.notNull("get", "others", others);
        return end(start("index", this), Subscript.get((Tensor) this, Subscript.list(first, others)));
    }

    /** Returns the elements at an index: {@code x.get(1, range(0, 3))} for {@code x[1, 0:3]}. */
    default Tensor get(long first, Index... others) {
        Arguments.notNull("get", "others", others);
        return end(start("index", this), Subscript.get((Tensor) this, Subscript.list(first, others)));
    }

    /** Returns the elements at an index: {@code x.get(all(), indices)} for {@code x[:, indices]}. */
    default Tensor get(Index first, Tensor... others) {
        Arguments.noNulls("get", "others", others);
        return end(start("index", this, others), Subscript.get((Tensor) this, Subscript.list(first, others)));
    }

    /** Returns the elements at an index tensor (int64 or int32) or a mask (bool). */
    default Tensor get(Tensor index) {
        return end(start("index", this, index), Subscript.get((Tensor) this, Subscript.list(index)));
    }

    /** Returns the elements at index tensors (int64 or int32) or masks (bool) for the first dimensions. */
    default Tensor get(Tensor... index) {
        return end(start("index", this, index), Subscript.get((Tensor) this, Subscript.list(index)));
    }

    /** Returns the elements at indices of the first dimension: Python's {@code x[[0, 2]]}. */
    default Tensor get(int[] indices) {
        return end(start("index", this), Subscript.get((Tensor) this, List.of(Index.of(indices))));
    }

    /** Returns the elements at indices of the first dimension: Python's {@code x[[0, 2]]}. */
    default Tensor get(long[] indices) {
        return end(start("index", this), Subscript.get((Tensor) this, List.of(Index.of(indices))));
    }

    /** Returns the elements under a mask of the first dimension. */
    default Tensor get(boolean[] mask) {
        return end(start("index", this), Subscript.get((Tensor) this, List.of(Index.of(mask))));
    }

    /**
     * Returns a reference to the elements at one index of the first dimension: {@code x.at(1)} for Python's {@code
     * x[1]}.
     */
    default IndexedTensor at(long index) {
        return new IndexedTensor((Tensor) this, Subscript.list(index));
    }

    /**
     * Returns a reference to the elements at one index of each of the first dimensions: {@code x.at(1, 2)} for {@code
     * x[1, 2]}.
     */
    default IndexedTensor at(long first, long second, long... others) {
        Arguments.notNull("at", "others", others);
        return new IndexedTensor((Tensor) this, Subscript.list(first, second, others));
    }

    /** Returns a reference to the elements at an index as Python writes it: {@code x.at("0:3, ..., None, -1")}. */
    default IndexedTensor at(String index) {
        return new IndexedTensor((Tensor) this, Index.parse(Arguments.notNull("at", "index", index)));
    }

    /** Returns a reference to the elements at an index: a slice, a new axis, an index tensor. */
    default IndexedTensor at(Index index) {
        return new IndexedTensor((Tensor) this, Subscript.list(new Index[] {index}));
    }

    /**
     * Returns a reference to the elements at an index: views for integers, slices and new axes, elements for index
     * tensors.
     */
    default IndexedTensor at(Index... index) {
        return new IndexedTensor((Tensor) this, Subscript.list(index));
    }

    /** Returns a reference to the elements at an index, {@link #at(Index...)}. */
    default IndexedTensor at(List<Index> index) {
        Arguments.notNull("at", "index", index);
        return new IndexedTensor(
                (Tensor) this,
                Subscript.list(Arguments.notNull("at", "index", index).toArray(Index[]::new)));
    }

    /** Returns a reference to the elements at an index: {@code x.at(all(), 1)} for the column {@code x[:, 1]}. */
    default IndexedTensor at(Index first, long... others) {
        Arguments.notNull("at", "others", others);
        return new IndexedTensor((Tensor) this, Subscript.list(first, others));
    }

    /** Returns a reference to the elements at an index: {@code x.at(1, range(0, 3))} for {@code x[1, 0:3]}. */
    default IndexedTensor at(long first, Index... others) {
        Arguments.notNull("at", "others", others);
        return new IndexedTensor((Tensor) this, Subscript.list(first, others));
    }

    /** Returns a reference to the elements at an index: {@code x.at(all(), indices)} for {@code x[:, indices]}. */
    default IndexedTensor at(Index first, Tensor... others) {
        Arguments.noNulls("at", "others", others);
        return new IndexedTensor((Tensor) this, Subscript.list(first, others));
    }

    /** Returns a reference to the elements at an index tensor (int64 or int32) or a mask (bool). */
    default IndexedTensor at(Tensor index) {
        return new IndexedTensor((Tensor) this, Subscript.list(index));
    }

    /**
     * Returns a reference to the elements at index tensors (int64 or int32) or masks (bool) for the first dimensions.
     */
    default IndexedTensor at(Tensor... index) {
        return new IndexedTensor((Tensor) this, Subscript.list(index));
    }

    /** Returns a reference to the elements at indices of the first dimension: Python's {@code x[[0, 2]]}. */
    default IndexedTensor at(int[] indices) {
        return new IndexedTensor((Tensor) this, List.of(Index.of(indices)));
    }

    /** Returns a reference to the elements at indices of the first dimension: Python's {@code x[[0, 2]]}. */
    default IndexedTensor at(long[] indices) {
        return new IndexedTensor((Tensor) this, List.of(Index.of(indices)));
    }

    /** Returns a reference to the elements under a mask of the first dimension. */
    default IndexedTensor at(boolean[] mask) {
        return new IndexedTensor((Tensor) this, List.of(Index.of(mask)));
    }

    /** Returns the elements under the mask (bool) in row-major order, both broadcast. {@code torch.masked_select}. */
    default Tensor maskedSelect(Tensor mask) {
        Arguments.notNull("masked_select", "mask", mask);
        return end(start("masked_select", this, mask), Selection.maskedSelect((Tensor) this, mask));
    }

    /** Copies the source's elements, in row-major order, under the mask. {@code torch.masked_scatter}. */
    default Tensor maskedScatter(Tensor mask, Tensor source) {
        Arguments.notNull("masked_scatter", "mask", mask);
        Arguments.notNull("masked_scatter", "source", source);
        return end(start("masked_scatter", this, mask, source), Selection.maskedScatter((Tensor) this, mask, source));
    }

    /** Works as {@link #maskedScatter}, in place. */
    default Tensor maskedScatter_(Tensor mask, Tensor source) {
        Arguments.notNull("masked_scatter_", "mask", mask);
        Arguments.notNull("masked_scatter_", "source", source);
        return end(
                start("masked_scatter_", this, mask, source),
                Selection.maskedScatterInPlace((Tensor) this, mask, source));
    }

    /** Returns the indices of nonzero elements, one row each. {@code torch.nonzero}. */
    default Tensor nonzero() {
        return end(start("nonzero", this), Selection.nonzero((Tensor) this));
    }

    /** Returns the indices of nonzero elements, one tensor per dimension. {@code torch.nonzero(as_tuple=True)}. */
    default List<Tensor> nonzeroAsTuple() {
        return end(start("nonzero_as_tuple", this), Selection.positions((Tensor) this));
    }

    /** Works as {@link #nonzeroStatic(long, long)}, padded with -1. {@code torch.nonzero_static}. */
    default Tensor nonzeroStatic(long size) {
        return end(start("nonzero_static", this), Selection.nonzeroStatic((Tensor) this, size, -1));
    }

    /**
     * Returns the first {@code size} rows of {@link #nonzero()}, padded with a value, so that the shape does not depend
     * on the data. {@code torch.nonzero_static}.
     */
    default Tensor nonzeroStatic(long size, long fillValue) {
        return end(start("nonzero_static", this), Selection.nonzeroStatic((Tensor) this, size, fillValue));
    }

    /**
     * Converts row-major offsets into a tensor of that shape to its indices, a tensor for each dimension. Throws
     * PyTorch's errors of other than integers and of negative sizes. {@code torch.unravel_index}.
     */
    default List<Tensor> unravelIndex(long... shape) {
        return end(
                start("unravel_index", this),
                Selection.unravelIndex((Tensor) this, Arguments.notNull("unravel_index", "shape", shape)));
    }

    /** Works as {@link #nonzero}, by NumPy's name. {@code torch.argwhere}. */
    default Tensor argwhere() {
        return nonzero();
    }

    /** Returns the indices of true (or nonzero) elements, one tensor per dimension. {@code torch.where(condition)}. */
    default List<Tensor> where() {
        return end(start("where", this), Selection.positions((Tensor) this));
    }

    /**
     * Writes values at index tensors of the leading dimensions, null for a whole dimension. {@code torch.index_put}.
     */
    default Tensor indexPut(List<@Nullable Tensor> indices, Tensor values, boolean accumulate) {
        Arguments.noNulls("index_put", "indices", indices);
        Arguments.notNull("index_put", "values", values);
        return end(
                start("index_put", this, indices, values),
                AdvancedIndex.indexPut((Tensor) this, indices, values, accumulate));
    }

    /** Works as {@link #indexPut}, in place; accumulates if {@code accumulate}. {@code torch.index_put_}. */
    default Tensor indexPut_(List<@Nullable Tensor> indices, Tensor values, boolean accumulate) {
        Arguments.noNulls("index_put_", "indices", indices);
        Arguments.notNull("index_put_", "values", values);
        return end(
                start("index_put_", this, indices, values),
                AdvancedIndex.indexPutInPlace((Tensor) this, indices, values, accumulate));
    }
}
