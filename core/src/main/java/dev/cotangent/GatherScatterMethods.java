package dev.cotangent;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.indexing.GatherOps;
import dev.cotangent.internal.ops.indexing.IndexOps;
import dev.cotangent.internal.ops.indexing.SearchOps;
import dev.cotangent.internal.ops.nn.EmbeddingOps;
import org.jspecify.annotations.Nullable;

/**
 * Elements and slices picked, written and joined by indices (int64 or int32) along a dimension. Indices out of range raise PyTorch's
 * errors. Names that end in an underscore write into this tensor.
 */
sealed interface GatherScatterMethods permits Tensor {
    /** {@code out[i][j] = self[index[i][j]][j]} along dimension 0, and so for others. {@code torch.gather}. */
    default Tensor gather(int dim, Tensor index) {
        return GatherOps.gather((Tensor) this, dim, GatherOps.wide(index));
    }

    /** {@code self[index[i][j]][j] = src[i][j]} along dimension 0, and so for others. {@code torch.scatter}. */
    default Tensor scatter(int dim, Tensor index, Tensor src) {
        Arguments.notNull("scatter", "src", src);
        return GatherOps.scatter((Tensor) this, dim, GatherOps.wide(index), src, false);
    }

    /** {@link #scatter(int, Tensor, Tensor)} of one number. */
    default Tensor scatter(int dim, Tensor index, Number value) {
        Arguments.notNull("scatter", "value", value);
        return GatherOps.scatter((Tensor) this, dim, GatherOps.wide(index), value, false);
    }

    /** Joined with what is there by {@code add} or {@code multiply}; no derivative. {@code torch.scatter}. */
    default Tensor scatter(int dim, Tensor index, Tensor src, String reduce) {
        Arguments.notNull("scatter", "src", src);
        Arguments.notNull("scatter", "reduce", reduce);
        return GatherOps.scatter((Tensor) this, dim, GatherOps.wide(index), src, reduce, false);
    }

    /** {@link #scatter(int, Tensor, Tensor, String)} by the mode's constant. */
    default Tensor scatter(int dim, Tensor index, Tensor src, ScatterReduction reduce) {
        Arguments.notNull("scatter", "src", src);
        return scatter(dim, index, src, GatherOps.scatterMode(reduce));
    }

    /** {@link #scatter(int, Tensor, Tensor, String)} of one number. */
    default Tensor scatter(int dim, Tensor index, Number value, String reduce) {
        Arguments.notNull("scatter", "value", value);
        Arguments.notNull("scatter", "reduce", reduce);
        return GatherOps.scatter((Tensor) this, dim, GatherOps.wide(index), value, reduce, false);
    }

    /** {@link #scatter(int, Tensor, Number, String)} by the mode's constant. */
    default Tensor scatter(int dim, Tensor index, Number value, ScatterReduction reduce) {
        Arguments.notNull("scatter", "value", value);
        return scatter(dim, index, value, GatherOps.scatterMode(reduce));
    }

    /** {@link #scatter(int, Tensor, Tensor)} in place. */
    default Tensor scatter_(int dim, Tensor index, Tensor src) {
        Arguments.notNull("scatter_", "src", src);
        return GatherOps.scatter((Tensor) this, dim, GatherOps.wide(index), src, true);
    }

    /** {@link #scatter(int, Tensor, Number)} in place. */
    default Tensor scatter_(int dim, Tensor index, Number value) {
        Arguments.notNull("scatter_", "value", value);
        return GatherOps.scatter((Tensor) this, dim, GatherOps.wide(index), value, true);
    }

    /** {@link #scatter(int, Tensor, Tensor, String)} in place. */
    default Tensor scatter_(int dim, Tensor index, Tensor src, String reduce) {
        Arguments.notNull("scatter_", "src", src);
        Arguments.notNull("scatter_", "reduce", reduce);
        return GatherOps.scatter((Tensor) this, dim, GatherOps.wide(index), src, reduce, true);
    }

    /** {@link #scatter_(int, Tensor, Tensor, String)} by the mode's constant. */
    default Tensor scatter_(int dim, Tensor index, Tensor src, ScatterReduction reduce) {
        Arguments.notNull("scatter_", "src", src);
        return scatter_(dim, index, src, GatherOps.scatterMode(reduce));
    }

    /** {@link #scatter(int, Tensor, Number, String)} in place. */
    default Tensor scatter_(int dim, Tensor index, Number value, String reduce) {
        Arguments.notNull("scatter_", "value", value);
        Arguments.notNull("scatter_", "reduce", reduce);
        return GatherOps.scatter((Tensor) this, dim, GatherOps.wide(index), value, reduce, true);
    }

    /** {@link #scatter_(int, Tensor, Number, String)} by the mode's constant. */
    default Tensor scatter_(int dim, Tensor index, Number value, ScatterReduction reduce) {
        Arguments.notNull("scatter_", "value", value);
        return scatter_(dim, index, value, GatherOps.scatterMode(reduce));
    }

    /** {@code self[index[i][j]][j] += src[i][j]} along dimension 0, and so for others. {@code torch.scatter_add}. */
    default Tensor scatterAdd(int dim, Tensor index, Tensor src) {
        Arguments.notNull("scatter_add", "src", src);
        return GatherOps.scatterAdd((Tensor) this, dim, GatherOps.wide(index), src, false);
    }

    /** {@link #scatterAdd} in place. */
    default Tensor scatterAdd_(int dim, Tensor index, Tensor src) {
        Arguments.notNull("scatter_add_", "src", src);
        return GatherOps.scatterAdd((Tensor) this, dim, GatherOps.wide(index), src, true);
    }

    /**
     * Values joined where the index says. {@code torch.scatter_reduce}.
     *
     * @param reduce {@code sum}, {@code prod}, {@code mean}, {@code amax} or {@code amin}
     * @param includeSelf whether what is there counts as one of the values
     */
    default Tensor scatterReduce(int dim, Tensor index, Tensor src, String reduce, boolean includeSelf) {
        Arguments.notNull("scatter_reduce", "src", src);
        Arguments.notNull("scatter_reduce", "reduce", reduce);
        return GatherOps.scatterReduce((Tensor) this, dim, GatherOps.wide(index), src, reduce, includeSelf, false);
    }

    /** {@link #scatterReduce(int, Tensor, Tensor, String, boolean)} by the mode's constant. */
    default Tensor scatterReduce(int dim, Tensor index, Tensor src, ScatterReduction reduce, boolean includeSelf) {
        Arguments.notNull("scatter_reduce", "src", src);
        return scatterReduce(
                dim,
                index,
                src,
                Arguments.notNull("scatter_reduce", "reduce", reduce).text(),
                includeSelf);
    }

    /** {@link #scatterReduce} in place. */
    default Tensor scatterReduce_(int dim, Tensor index, Tensor src, String reduce, boolean includeSelf) {
        Arguments.notNull("scatter_reduce_", "src", src);
        Arguments.notNull("scatter_reduce_", "reduce", reduce);
        return GatherOps.scatterReduce((Tensor) this, dim, GatherOps.wide(index), src, reduce, includeSelf, true);
    }

    /** {@link #scatterReduce_(int, Tensor, Tensor, String, boolean)} by the mode's constant. */
    default Tensor scatterReduce_(int dim, Tensor index, Tensor src, ScatterReduction reduce, boolean includeSelf) {
        Arguments.notNull("scatter_reduce_", "src", src);
        return scatterReduce_(
                dim,
                index,
                src,
                Arguments.notNull("scatter_reduce_", "reduce", reduce).text(),
                includeSelf);
    }

    /** The slices at a vector of indices. {@code torch.index_select}. */
    default Tensor indexSelect(int dim, Tensor index) {
        return IndexOps.indexSelect((Tensor) this, dim, GatherOps.wide(index));
    }

    /** Returns the slices at several indices: {@code x.indexSelect(1, 0, 2)} has the columns 0 and 2. {@code torch.index_select}. */
    default Tensor indexSelect(int dim, long... index) {
        return indexSelect(dim, Tensors.tensor(Arguments.notNull("index_select", "index", index)));
    }

    /** Returns the slices at several indices. {@code torch.index_select}. */
    default Tensor indexSelect(int dim, int[] index) {
        return indexSelect(dim, Tensors.tensor(Arguments.notNull("index_select", "index", index)));
    }

    /** The source's slices added at a vector of indices. {@code torch.index_add}. */
    default Tensor indexAdd(int dim, Tensor index, Tensor source) {
        Arguments.notNull("index_add", "source", source);
        return IndexOps.indexAdd((Tensor) this, dim, GatherOps.wide(index), source, 1, false);
    }

    /** {@code alpha} times the source's slices added at a vector of indices. {@code torch.index_add}. */
    default Tensor indexAdd(int dim, Tensor index, Tensor source, Number alpha) {
        Arguments.notNull("index_add", "source", source);
        Arguments.notNull("index_add", "alpha", alpha);
        return IndexOps.indexAdd((Tensor) this, dim, GatherOps.wide(index), source, alpha, false);
    }

    /** {@link #indexAdd(int, Tensor, Tensor)} in place. */
    default Tensor indexAdd_(int dim, Tensor index, Tensor source) {
        Arguments.notNull("index_add_", "source", source);
        return IndexOps.indexAdd((Tensor) this, dim, GatherOps.wide(index), source, 1, true);
    }

    /** {@link #indexAdd(int, Tensor, Tensor, Number)} in place. */
    default Tensor indexAdd_(int dim, Tensor index, Tensor source, Number alpha) {
        Arguments.notNull("index_add_", "source", source);
        Arguments.notNull("index_add_", "alpha", alpha);
        return IndexOps.indexAdd((Tensor) this, dim, GatherOps.wide(index), source, alpha, true);
    }

    /** The source's slices written at a vector of indices. {@code torch.index_copy}. */
    default Tensor indexCopy(int dim, Tensor index, Tensor source) {
        Arguments.notNull("index_copy", "source", source);
        return IndexOps.indexCopy((Tensor) this, dim, GatherOps.wide(index), source, false);
    }

    /** {@link #indexCopy} in place. */
    default Tensor indexCopy_(int dim, Tensor index, Tensor source) {
        Arguments.notNull("index_copy_", "source", source);
        return IndexOps.indexCopy((Tensor) this, dim, GatherOps.wide(index), source, true);
    }

    /** A number written to the slices at a vector of indices. {@code torch.index_fill}. */
    default Tensor indexFill(int dim, Tensor index, Number value) {
        Arguments.notNull("index_fill", "value", value);
        return IndexOps.indexFill((Tensor) this, dim, GatherOps.wide(index), value, false);
    }

    /** {@link #indexFill(int, Tensor, Number)} with a tensor without dimensions. */
    default Tensor indexFill(int dim, Tensor index, Tensor value) {
        Arguments.notNull("index_fill", "value", value);
        return IndexOps.indexFill((Tensor) this, dim, GatherOps.wide(index), value, false);
    }

    /** {@link #indexFill(int, Tensor, Number)} in place. */
    default Tensor indexFill_(int dim, Tensor index, Number value) {
        Arguments.notNull("index_fill_", "value", value);
        return IndexOps.indexFill((Tensor) this, dim, GatherOps.wide(index), value, true);
    }

    /** {@link #indexFill(int, Tensor, Tensor)} in place. */
    default Tensor indexFill_(int dim, Tensor index, Tensor value) {
        Arguments.notNull("index_fill_", "value", value);
        return IndexOps.indexFill((Tensor) this, dim, GatherOps.wide(index), value, true);
    }

    /** The source's slices joined at a vector of indices; as {@link #scatterReduce}. {@code torch.index_reduce}. */
    default Tensor indexReduce(int dim, Tensor index, Tensor source, String reduce, boolean includeSelf) {
        Arguments.notNull("index_reduce", "source", source);
        Arguments.notNull("index_reduce", "reduce", reduce);
        return IndexOps.indexReduce((Tensor) this, dim, GatherOps.wide(index), source, reduce, includeSelf, false);
    }

    /** {@link #indexReduce(int, Tensor, Tensor, String, boolean)} by the mode's constant. */
    default Tensor indexReduce(int dim, Tensor index, Tensor source, ScatterReduction reduce, boolean includeSelf) {
        Arguments.notNull("index_reduce", "source", source);
        return indexReduce(
                dim,
                index,
                source,
                Arguments.notNull("index_reduce", "reduce", reduce).text(),
                includeSelf);
    }

    /** {@link #indexReduce} in place. */
    default Tensor indexReduce_(int dim, Tensor index, Tensor source, String reduce, boolean includeSelf) {
        Arguments.notNull("index_reduce_", "source", source);
        Arguments.notNull("index_reduce_", "reduce", reduce);
        return IndexOps.indexReduce((Tensor) this, dim, GatherOps.wide(index), source, reduce, includeSelf, true);
    }

    /** {@link #indexReduce_(int, Tensor, Tensor, String, boolean)} by the mode's constant. */
    default Tensor indexReduce_(int dim, Tensor index, Tensor source, ScatterReduction reduce, boolean includeSelf) {
        Arguments.notNull("index_reduce_", "source", source);
        return indexReduce_(
                dim,
                index,
                source,
                Arguments.notNull("index_reduce_", "reduce", reduce).text(),
                includeSelf);
    }

    /** The elements at row-major indices, negative ones from the end. {@code torch.take}. */
    default Tensor take(Tensor index) {
        return IndexOps.take((Tensor) this, GatherOps.wide(index));
    }

    /** Returns the elements at row-major indices, of the indices' shape. {@code torch.take_along_dim}. */
    default Tensor takeAlongDim(Tensor indices) {
        return GatherOps.takeAlongDim((Tensor) this, GatherOps.wide(indices), null);
    }

    /** Returns the elements at row-major indices, negative ones from the end. {@code torch.take}. */
    default Tensor take(long... index) {
        return take(Tensors.tensor(Arguments.notNull("take", "index", index)));
    }

    /** Returns the elements at row-major indices, negative ones from the end. {@code torch.take}. */
    default Tensor take(int[] index) {
        return take(Tensors.tensor(Arguments.notNull("take", "index", index)));
    }

    /** {@link #gather} with everything but the dimension broadcast. {@code torch.take_along_dim}. */
    default Tensor takeAlongDim(Tensor indices, int dim) {
        return GatherOps.takeAlongDim((Tensor) this, GatherOps.wide(indices), dim);
    }

    /** The source's elements written, or added, at row-major indices. {@code torch.put}. */
    default Tensor put(Tensor index, Tensor source, boolean accumulate) {
        Arguments.notNull("put", "source", source);
        return IndexOps.put((Tensor) this, GatherOps.wide(index), source, accumulate, false);
    }

    /** {@link #put} in place. */
    default Tensor put_(Tensor index, Tensor source, boolean accumulate) {
        Arguments.notNull("put_", "source", source);
        return IndexOps.put((Tensor) this, GatherOps.wide(index), source, accumulate, true);
    }

    /** The rows of a matrix at these indices, of any shape. {@code torch.nn.functional.embedding}. */
    default Tensor embedding(Tensor weight) {
        Arguments.notNull("embedding", "weight", weight);
        return EmbeddingOps.embedding((Tensor) this, weight, null, false);
    }

    /** Returns the rows of a matrix at these indices; the row {@code paddingIdx} gets no gradient. {@code torch.nn.functional.embedding}. */
    default Tensor embedding(Tensor weight, long paddingIdx) {
        return embedding(weight, paddingIdx, false);
    }

    /**
     * The rows of a matrix at these indices, of any shape. {@code torch.nn.functional.embedding}.
     *
     * @param paddingIdx the row that gets no gradient, or null
     * @param scaleGradByFreq whether gradients are divided by how often a row was picked
     */
    default Tensor embedding(Tensor weight, @Nullable Long paddingIdx, boolean scaleGradByFreq) {
        Arguments.notNull("embedding", "weight", weight);
        return EmbeddingOps.embedding((Tensor) this, weight, paddingIdx, scaleGradByFreq);
    }

    /**
     * The rows of a matrix at these indices joined in bags: the rows of a matrix of indices, or parts of a vector of them.
     * {@code torch.nn.functional.embedding_bag}.
     *
     * @param offsets where each bag begins in a vector; null of a matrix
     * @param mode {@code sum}, {@code mean} (also where null) or {@code max}
     * @param perSampleWeights factors of the rows, with {@code sum} alone, or null
     * @param includeLastOffset whether the last offset is where the last bag ends
     * @param paddingIdx the row that does not count, or null
     */
    default Tensor embeddingBag(
            Tensor weight,
            @Nullable Tensor offsets,
            @Nullable String mode,
            @Nullable Tensor perSampleWeights,
            boolean includeLastOffset,
            @Nullable Long paddingIdx) {
        Arguments.notNull("embedding_bag", "weight", weight);
        return EmbeddingOps.embeddingBag(
                (Tensor) this, weight, offsets, mode, perSampleWeights, includeLastOffset, paddingIdx);
    }

    /** Returns the rows of a matrix combined in bags that the rows of this matrix of indices name. {@code torch.nn.functional.embedding_bag}. */
    default Tensor embeddingBag(Tensor weight, BagMode mode) {
        Arguments.notNull("embedding_bag", "weight", weight);
        String text = Arguments.notNull("embedding_bag", "mode", mode).text();
        return embeddingBag(weight, null, text, null, false, null);
    }

    /** Returns the rows of a matrix combined in bags that begin at offsets of this vector. {@code torch.nn.functional.embedding_bag}. */
    default Tensor embeddingBag(Tensor weight, Tensor offsets, BagMode mode) {
        Arguments.notNull("embedding_bag", "weight", weight);
        Arguments.notNull("embedding_bag", "offsets", offsets);
        String text = Arguments.notNull("embedding_bag", "mode", mode).text();
        return embeddingBag(weight, offsets, text, null, false, null);
    }

    /** A row of zeros with a 1 at each class; -1 for as many classes as occur. {@code torch.nn.functional.one_hot}. */
    default Tensor oneHot(long numClasses) {
        return SearchOps.oneHot(GatherOps.wide((Tensor) this), numClasses);
    }

    /** As many classes as occur. {@code torch.nn.functional.one_hot}. */
    default Tensor oneHot() {
        return oneHot(-1);
    }

    /** How many boundaries, sorted, lie below each element (or, where {@code right}, not above). {@code torch.bucketize}. */
    default Tensor bucketize(Tensor boundaries, boolean outInt32, boolean right) {
        Arguments.notNull("bucketize", "boundaries", boundaries);
        return SearchOps.bucketize((Tensor) this, boundaries, outInt32, right);
    }

    /** Returns how many boundaries, sorted, lie below each element, int64. {@code torch.bucketize}. */
    default Tensor bucketize(Tensor boundaries) {
        Arguments.notNull("bucketize", "boundaries", boundaries);
        return bucketize(boundaries, false, false);
    }

    /** Returns where values would be inserted into the sorted rows of this tensor, int64. {@code torch.searchsorted}. */
    default Tensor searchsorted(Tensor self) {
        Arguments.notNull("searchsorted", "self", self);
        return searchsorted(self, false, false, null, null);
    }

    /** {@link #searchsorted(Tensor)}, behind elements that are equal if {@code right}. {@code torch.searchsorted}. */
    default Tensor searchsorted(Tensor self, boolean right) {
        Arguments.notNull("searchsorted", "self", self);
        return searchsorted(self, false, right, null, null);
    }

    /**
     * Where values would be inserted into the sorted rows of this tensor. {@code torch.searchsorted}.
     *
     * @param outInt32 whether the result is int32 in place of int64
     * @param right whether behind elements that are equal
     * @param side {@code left} or {@code right}, as the parameter of that name
     * @param sorter the order that sorts this tensor where it is not sorted, or null
     */
    default Tensor searchsorted(
            Tensor self, boolean outInt32, boolean right, @Nullable String side, @Nullable Tensor sorter) {
        Arguments.notNull("searchsorted", "self", self);
        return SearchOps.searchsorted((Tensor) this, self, outInt32, right, side, sorter);
    }

    /** Whether each element is among others. {@code torch.isin}. */
    default Tensor isin(Tensor testElements) {
        Arguments.notNull("isin", "test_elements", testElements);
        return isin(testElements, false, false);
    }

    /** Returns whether each element is among others, or is not if {@code invert}. {@code torch.isin}. */
    default Tensor isin(Tensor testElements, boolean assumeUnique, boolean invert) {
        Arguments.notNull("isin", "test_elements", testElements);
        return SearchOps.isin((Tensor) this, testElements, invert);
    }
}
