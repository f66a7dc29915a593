package dev.cotangent;

import dev.cotangent.op.AdvancedIndex;
import dev.cotangent.op.Selection;
import dev.cotangent.op.Subscript;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Operations that pick elements and write them. */
public sealed interface Indexing permits Tensor {
    /** Python's {@code x[...]}: views for integers, slices and new axes; copies where index tensors pick elements. */
    default Tensor get(Index... index) {
        return Subscript.get((Tensor) this, List.of(index));
    }

    /** {@link #get(Index...)}. */
    default Tensor get(List<Index> index) {
        return Subscript.get((Tensor) this, index);
    }

    /** {@link #get(Index...)} as Python writes it: {@code x.get("0:3, ..., None, -1")}. */
    default Tensor get(String index) {
        return Subscript.get((Tensor) this, Index.parse(index));
    }

    /** One index of each of the first dimensions: {@code x.get(1, 2)} is Python's {@code x[1, 2]}. */
    default Tensor get(long... index) {
        return Subscript.get((Tensor) this, Subscript.at(index));
    }

    /** {@link #get(Index...)} with index tensors (int64) or masks (bool) for the first dimensions. */
    default Tensor get(Tensor... index) {
        return Subscript.get((Tensor) this, Subscript.of(index));
    }

    /** Python's {@code x[...] = value}; the value is broadcast. */
    default void set(Tensor value, Index... index) {
        Subscript.set((Tensor) this, value, List.of(index));
    }

    /** {@link #set(Tensor, Index...)}. */
    default void set(Tensor value, List<Index> index) {
        Subscript.set((Tensor) this, value, index);
    }

    /** {@link #set(Tensor, Index...)} with the index as Python writes it. */
    default void set(Tensor value, String index) {
        Subscript.set((Tensor) this, value, Index.parse(index));
    }

    /** {@link #set(Tensor, Index...)} at one index of each of the first dimensions. */
    default void set(Tensor value, long... index) {
        Subscript.set((Tensor) this, value, Subscript.at(index));
    }

    /** {@link #set(Tensor, Index...)} at index tensors (int64) or masks (bool) for the first dimensions. */
    default void set(Tensor value, Tensor... index) {
        Subscript.set((Tensor) this, value, Subscript.of(index));
    }

    /** Python's {@code x[...] = number}. */
    default void set(Number value, Index... index) {
        Subscript.set((Tensor) this, value, List.of(index));
    }

    /** {@link #set(Number, Index...)}. */
    default void set(Number value, List<Index> index) {
        Subscript.set((Tensor) this, value, index);
    }

    /** {@link #set(Number, Index...)} with the index as Python writes it. */
    default void set(Number value, String index) {
        Subscript.set((Tensor) this, value, Index.parse(index));
    }

    /** {@link #set(Number, Index...)} at one index of each of the first dimensions. */
    default void set(Number value, long... index) {
        Subscript.set((Tensor) this, value, Subscript.at(index));
    }

    /** {@link #set(Number, Index...)} at index tensors (int64) or masks (bool) for the first dimensions. */
    default void set(Number value, Tensor... index) {
        Subscript.set((Tensor) this, value, Subscript.of(index));
    }

    /** The elements where the mask (bool) is set, row-major, both broadcast. {@code torch.masked_select}. */
    default Tensor maskedSelect(Tensor mask) {
        return Selection.maskedSelect((Tensor) this, mask);
    }

    /** The source's elements one after the other where the mask is set. {@code torch.masked_scatter}. */
    default Tensor maskedScatter(Tensor mask, Tensor source) {
        return Selection.maskedScatter((Tensor) this, mask, source);
    }

    /** {@link #maskedScatter} in place. */
    default Tensor maskedScatter_(Tensor mask, Tensor source) {
        return Selection.maskedScatterInPlace((Tensor) this, mask, source);
    }

    /** Where elements are not zero: one row of indices for each of them. {@code torch.nonzero}. */
    default Tensor nonzero() {
        return Selection.nonzero((Tensor) this);
    }

    /** Where elements are not zero: one tensor of indices for each dimension. {@code torch.nonzero(as_tuple=True)}. */
    default List<Tensor> nonzeroAsTuple() {
        return Selection.positions((Tensor) this);
    }

    /** {@link #nonzero} by NumPy's name. {@code torch.argwhere}. */
    default Tensor argwhere() {
        return nonzero();
    }

    /** Where bools (or what is not zero) are set, one tensor for each dimension. {@code torch.where(condition)}. */
    default List<Tensor> where() {
        return Selection.positions((Tensor) this);
    }

    /** Values written at index tensors, one for each of the first dimensions, null for a whole one. */
    default Tensor indexPut(List<@Nullable Tensor> indices, Tensor values, boolean accumulate) {
        return AdvancedIndex.indexPut((Tensor) this, indices, values, accumulate);
    }

    /** {@link #indexPut} in place: values written, or added where {@code accumulate}. {@code torch.index_put_}. */
    default Tensor indexPut_(List<@Nullable Tensor> indices, Tensor values, boolean accumulate) {
        return AdvancedIndex.indexPutInPlace((Tensor) this, indices, values, accumulate);
    }
}
