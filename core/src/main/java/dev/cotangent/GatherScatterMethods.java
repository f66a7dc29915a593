package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.indexing.GatherOps;
import dev.cotangent.internal.ops.indexing.IndexOps;
import dev.cotangent.internal.ops.indexing.SearchOps;
import dev.cotangent.internal.ops.nn.EmbeddingOps;
import org.jspecify.annotations.Nullable;

/**
 * Gather, scatter and indexed updates by indices (int64 or int32) along a dimension. Indices out of range throw
 * PyTorch's errors. Names that end in an underscore work in place on this tensor.
 */
sealed interface GatherScatterMethods permits Tensor {
    /** Gathers {@code out[i][j] = self[index[i][j]][j]} along dimension 0, and so for others. {@code torch.gather}. */
    default Tensor gather(int dim, Tensor index) {
        return end(start("gather", this, index), GatherOps.gather((Tensor) this, dim, GatherOps.wide(index)));
    }

    /**
     * Scatters {@code self[index[i][j]][j] = src[i][j]} along dimension 0, and so for others. {@code torch.scatter}.
     */
    default Tensor scatter(int dim, Tensor index, Tensor src) {
        Arguments.notNull("scatter", "src", src);
        return end(
                start("scatter", this, index, src),
                GatherOps.scatter((Tensor) this, dim, GatherOps.wide(index), src, false));
    }

    /** Works as {@link #scatter(int, Tensor, Tensor)} with a scalar. */
    default Tensor scatter(int dim, Tensor index, Number value) {
        Arguments.notNull("scatter", "value", value);
        return end(
                start("scatter", this, index),
                GatherOps.scatter((Tensor) this, dim, GatherOps.wide(index), value, false));
    }

    /** Scatters with the reduction {@code add} or {@code multiply}; not differentiable. {@code torch.scatter}. */
    default Tensor scatter(int dim, Tensor index, Tensor src, String reduce) {
        Arguments.notNull("scatter", "src", src);
        Arguments.notNull("scatter", "reduce", reduce);
        return end(
                start("scatter", this, index, src),
                GatherOps.scatter((Tensor) this, dim, GatherOps.wide(index), src, reduce, false));
    }

    /** Works as {@link #scatter(int, Tensor, Tensor, String)} with an enum constant. */
    default Tensor scatter(int dim, Tensor index, Tensor src, ScatterReduction reduce) {
        Arguments.notNull("scatter", "src", src);
        return end(start("scatter", this, index, src), scatter(dim, index, src, GatherOps.scatterMode(reduce)));
    }

    /** Works as {@link #scatter(int, Tensor, Tensor, String)} with a scalar. */
    default Tensor scatter(int dim, Tensor index, Number value, String reduce) {
        Arguments.notNull("scatter", "value", value);
        Arguments.notNull("scatter", "reduce", reduce);
        return end(
                start("scatter", this, index),
                GatherOps.scatter((Tensor) this, dim, GatherOps.wide(index), value, reduce, false));
    }

    /** Works as {@link #scatter(int, Tensor, Number, String)} with an enum constant. */
    default Tensor scatter(int dim, Tensor index, Number value, ScatterReduction reduce) {
        Arguments.notNull("scatter", "value", value);
        return end(start("scatter", this, index), scatter(dim, index, value, GatherOps.scatterMode(reduce)));
    }

    /** Works as {@link #scatter(int, Tensor, Tensor)}, in place. */
    default Tensor scatter_(int dim, Tensor index, Tensor src) {
        Arguments.notNull("scatter_", "src", src);
        return end(
                start("scatter_", this, index, src),
                GatherOps.scatter((Tensor) this, dim, GatherOps.wide(index), src, true));
    }

    /** Works as {@link #scatter(int, Tensor, Number)}, in place. */
    default Tensor scatter_(int dim, Tensor index, Number value) {
        Arguments.notNull("scatter_", "value", value);
        return end(
                start("scatter_", this, index),
                GatherOps.scatter((Tensor) this, dim, GatherOps.wide(index), value, true));
    }

    /** Works as {@link #scatter(int, Tensor, Tensor, String)}, in place. */
    default Tensor scatter_(int dim, Tensor index, Tensor src, String reduce) {
        Arguments.notNull("scatter_", "src", src);
        Arguments.notNull("scatter_", "reduce", reduce);
        return end(
                start("scatter_", this, index, src),
                GatherOps.scatter((Tensor) this, dim, GatherOps.wide(index), src, reduce, true));
    }

    /** Works as {@link #scatter_(int, Tensor, Tensor, String)} with an enum constant. */
    default Tensor scatter_(int dim, Tensor index, Tensor src, ScatterReduction reduce) {
        Arguments.notNull("scatter_", "src", src);
        return end(start("scatter_", this, index, src), scatter_(dim, index, src, GatherOps.scatterMode(reduce)));
    }

    /** Works as {@link #scatter(int, Tensor, Number, String)}, in place. */
    default Tensor scatter_(int dim, Tensor index, Number value, String reduce) {
        Arguments.notNull("scatter_", "value", value);
        Arguments.notNull("scatter_", "reduce", reduce);
        return end(
                start("scatter_", this, index),
                GatherOps.scatter((Tensor) this, dim, GatherOps.wide(index), value, reduce, true));
    }

    /** Works as {@link #scatter_(int, Tensor, Number, String)} with an enum constant. */
    default Tensor scatter_(int dim, Tensor index, Number value, ScatterReduction reduce) {
        Arguments.notNull("scatter_", "value", value);
        return end(start("scatter_", this, index), scatter_(dim, index, value, GatherOps.scatterMode(reduce)));
    }

    /**
     * Accumulates {@code self[index[i][j]][j] += src[i][j]} along dimension 0, and so for others. {@code
     * torch.scatter_add}.
     */
    default Tensor scatterAdd(int dim, Tensor index, Tensor src) {
        Arguments.notNull("scatter_add", "src", src);
        return end(
                start("scatter_add", this, index, src),
                GatherOps.scatterAdd((Tensor) this, dim, GatherOps.wide(index), src, false));
    }

    /** Works as {@link #scatterAdd}, in place. */
    default Tensor scatterAdd_(int dim, Tensor index, Tensor src) {
        Arguments.notNull("scatter_add_", "src", src);
        return end(
                start("scatter_add_", this, index, src),
                GatherOps.scatterAdd((Tensor) this, dim, GatherOps.wide(index), src, true));
    }

    /**
     * Reduces values into the elements at the index. {@code torch.scatter_reduce}.
     *
     * @param reduce {@code sum}, {@code prod}, {@code mean}, {@code amax} or {@code amin}
     * @param includeSelf whether the original element is one of the values
     */
    default Tensor scatterReduce(int dim, Tensor index, Tensor src, String reduce, boolean includeSelf) {
        Arguments.notNull("scatter_reduce", "src", src);
        Arguments.notNull("scatter_reduce", "reduce", reduce);
        return end(
                start("scatter_reduce", this, index, src),
                GatherOps.scatterReduce((Tensor) this, dim, GatherOps.wide(index), src, reduce, includeSelf, false));
    }

    /** Works as {@link #scatterReduce(int, Tensor, Tensor, String, boolean)} with an enum constant. */
    default Tensor scatterReduce(int dim, Tensor index, Tensor src, ScatterReduction reduce, boolean includeSelf) {
        Arguments.notNull("scatter_reduce", "src", src);
        return scatterReduce(
                dim,
                index,
                src,
                Arguments.notNull("scatter_reduce", "reduce", reduce).text(),
                includeSelf);
    }

    /** Works as {@link #scatterReduce}, in place. */
    default Tensor scatterReduce_(int dim, Tensor index, Tensor src, String reduce, boolean includeSelf) {
        Arguments.notNull("scatter_reduce_", "src", src);
        Arguments.notNull("scatter_reduce_", "reduce", reduce);
        return end(
                start("scatter_reduce_", this, index, src),
                GatherOps.scatterReduce((Tensor) this, dim, GatherOps.wide(index), src, reduce, includeSelf, true));
    }

    /** Works as {@link #scatterReduce_(int, Tensor, Tensor, String, boolean)} with an enum constant. */
    default Tensor scatterReduce_(int dim, Tensor index, Tensor src, ScatterReduction reduce, boolean includeSelf) {
        Arguments.notNull("scatter_reduce_", "src", src);
        return scatterReduce_(
                dim,
                index,
                src,
                Arguments.notNull("scatter_reduce_", "reduce", reduce).text(),
                includeSelf);
    }

    /** Returns the slices at a vector of indices. {@code torch.index_select}. */
    default Tensor indexSelect(int dim, Tensor index) {
        return end(start("index_select", this, index), IndexOps.indexSelect((Tensor) this, dim, GatherOps.wide(index)));
    }

    /**
     * Returns the slices at several indices: {@code x.indexSelect(1, 0, 2)} returns columns 0 and 2. {@code
     * torch.index_select}.
     */
    default Tensor indexSelect(int dim, long... index) {
        return indexSelect(dim, Tensors.tensor(Arguments.notNull("index_select", "index", index)));
    }

    /** Returns the slices at several indices. {@code torch.index_select}. */
    default Tensor indexSelect(int dim, int[] index) {
        return indexSelect(dim, Tensors.tensor(Arguments.notNull("index_select", "index", index)));
    }

    /** Adds the source's slices at a vector of indices. {@code torch.index_add}. */
    default Tensor indexAdd(int dim, Tensor index, Tensor source) {
        Arguments.notNull("index_add", "source", source);
        return end(
                start("index_add", this, index, source),
                IndexOps.indexAdd((Tensor) this, dim, GatherOps.wide(index), source, 1, false));
    }

    /** Adds the source's slices times {@code alpha} at a vector of indices. {@code torch.index_add}. */
    default Tensor indexAdd(int dim, Tensor index, Tensor source, Number alpha) {
        Arguments.notNull("index_add", "source", source);
        Arguments.notNull("index_add", "alpha", alpha);
        return end(
                start("index_add", this, index, source),
                IndexOps.indexAdd((Tensor) this, dim, GatherOps.wide(index), source, alpha, false));
    }

    /** Works as {@link #indexAdd(int, Tensor, Tensor)}, in place. */
    default Tensor indexAdd_(int dim, Tensor index, Tensor source) {
        Arguments.notNull("index_add_", "source", source);
        return end(
                start("index_add_", this, index, source),
                IndexOps.indexAdd((Tensor) this, dim, GatherOps.wide(index), source, 1, true));
    }

    /** Works as {@link #indexAdd(int, Tensor, Tensor, Number)}, in place. */
    default Tensor indexAdd_(int dim, Tensor index, Tensor source, Number alpha) {
        Arguments.notNull("index_add_", "source", source);
        Arguments.notNull("index_add_", "alpha", alpha);
        return end(
                start("index_add_", this, index, source),
                IndexOps.indexAdd((Tensor) this, dim, GatherOps.wide(index), source, alpha, true));
    }

    /** Copies the source's slices to a vector of indices. {@code torch.index_copy}. */
    default Tensor indexCopy(int dim, Tensor index, Tensor source) {
        Arguments.notNull("index_copy", "source", source);
        return end(
                start("index_copy", this, index, source),
                IndexOps.indexCopy((Tensor) this, dim, GatherOps.wide(index), source, false));
    }

    /** Works as {@link #indexCopy}, in place. */
    default Tensor indexCopy_(int dim, Tensor index, Tensor source) {
        Arguments.notNull("index_copy_", "source", source);
        return end(
                start("index_copy_", this, index, source),
                IndexOps.indexCopy((Tensor) this, dim, GatherOps.wide(index), source, true));
    }

    /** Fills the slices at a vector of indices with a number. {@code torch.index_fill}. */
    default Tensor indexFill(int dim, Tensor index, Number value) {
        Arguments.notNull("index_fill", "value", value);
        return end(
                start("index_fill", this, index),
                IndexOps.indexFill((Tensor) this, dim, GatherOps.wide(index), value, false));
    }

    /** Works as {@link #indexFill(int, Tensor, Number)} with a 0-dimensional tensor. */
    default Tensor indexFill(int dim, Tensor index, Tensor value) {
        Arguments.notNull("index_fill", "value", value);
        return end(
                start("index_fill", this, index, value),
                IndexOps.indexFill((Tensor) this, dim, GatherOps.wide(index), value, false));
    }

    /** Works as {@link #indexFill(int, Tensor, Number)}, in place. */
    default Tensor indexFill_(int dim, Tensor index, Number value) {
        Arguments.notNull("index_fill_", "value", value);
        return end(
                start("index_fill_", this, index),
                IndexOps.indexFill((Tensor) this, dim, GatherOps.wide(index), value, true));
    }

    /** Works as {@link #indexFill(int, Tensor, Tensor)}, in place. */
    default Tensor indexFill_(int dim, Tensor index, Tensor value) {
        Arguments.notNull("index_fill_", "value", value);
        return end(
                start("index_fill_", this, index, value),
                IndexOps.indexFill((Tensor) this, dim, GatherOps.wide(index), value, true));
    }

    /** Reduces the source's slices into a vector of indices, as {@link #scatterReduce}. {@code torch.index_reduce}. */
    default Tensor indexReduce(int dim, Tensor index, Tensor source, String reduce, boolean includeSelf) {
        Arguments.notNull("index_reduce", "source", source);
        Arguments.notNull("index_reduce", "reduce", reduce);
        return end(
                start("index_reduce", this, index, source),
                IndexOps.indexReduce((Tensor) this, dim, GatherOps.wide(index), source, reduce, includeSelf, false));
    }

    /** Works as {@link #indexReduce(int, Tensor, Tensor, String, boolean)} with an enum constant. */
    default Tensor indexReduce(int dim, Tensor index, Tensor source, ScatterReduction reduce, boolean includeSelf) {
        Arguments.notNull("index_reduce", "source", source);
        return indexReduce(
                dim,
                index,
                source,
                Arguments.notNull("index_reduce", "reduce", reduce).text(),
                includeSelf);
    }

    /** Works as {@link #indexReduce}, in place. */
    default Tensor indexReduce_(int dim, Tensor index, Tensor source, String reduce, boolean includeSelf) {
        Arguments.notNull("index_reduce_", "source", source);
        Arguments.notNull("index_reduce_", "reduce", reduce);
        return end(
                start("index_reduce_", this, index, source),
                IndexOps.indexReduce((Tensor) this, dim, GatherOps.wide(index), source, reduce, includeSelf, true));
    }

    /** Works as {@link #indexReduce_(int, Tensor, Tensor, String, boolean)} with an enum constant. */
    default Tensor indexReduce_(int dim, Tensor index, Tensor source, ScatterReduction reduce, boolean includeSelf) {
        Arguments.notNull("index_reduce_", "source", source);
        return indexReduce_(
                dim,
                index,
                source,
                Arguments.notNull("index_reduce_", "reduce", reduce).text(),
                includeSelf);
    }

    /** Returns the elements at row-major indices, negative ones from the end. {@code torch.take}. */
    default Tensor take(Tensor index) {
        return end(start("take", this, index), IndexOps.take((Tensor) this, GatherOps.wide(index)));
    }

    /** Returns the elements at row-major indices, of the indices' shape. {@code torch.take_along_dim}. */
    default Tensor takeAlongDim(Tensor indices) {
        return end(
                start("take_along_dim", this, indices),
                GatherOps.takeAlongDim((Tensor) this, GatherOps.wide(indices), null));
    }

    /** Returns the elements at row-major indices, negative ones from the end. {@code torch.take}. */
    default Tensor take(long... index) {
        return take(Tensors.tensor(Arguments.notNull("take", "index", index)));
    }

    /** Returns the elements at row-major indices, negative ones from the end. {@code torch.take}. */
    default Tensor take(int[] index) {
        return take(Tensors.tensor(Arguments.notNull("take", "index", index)));
    }

    /** Works as {@link #gather}, with all other dimensions broadcast. {@code torch.take_along_dim}. */
    default Tensor takeAlongDim(Tensor indices, int dim) {
        return end(
                start("take_along_dim", this, indices),
                GatherOps.takeAlongDim((Tensor) this, GatherOps.wide(indices), dim));
    }

    /** Writes or accumulates the source's elements at row-major indices. {@code torch.put}. */
    default Tensor put(Tensor index, Tensor source, boolean accumulate) {
        Arguments.notNull("put", "source", source);
        return end(
                start("put", this, index, source),
                IndexOps.put((Tensor) this, GatherOps.wide(index), source, accumulate, false));
    }

    /** Works as {@link #put}, in place. */
    default Tensor put_(Tensor index, Tensor source, boolean accumulate) {
        Arguments.notNull("put_", "source", source);
        return end(
                start("put_", this, index, source),
                IndexOps.put((Tensor) this, GatherOps.wide(index), source, accumulate, true));
    }

    /** Returns the rows of a matrix at these indices, of any shape. {@code torch.nn.functional.embedding}. */
    default Tensor embedding(Tensor weight) {
        Arguments.notNull("embedding", "weight", weight);
        return end(start("embedding", this, weight), EmbeddingOps.embedding((Tensor) this, weight, null, false));
    }

    /** Returns the rows of a matrix at these indices; the row {@code paddingIdx} gets no gradient. {@code torch.nn.functional.embedding}. */
    default Tensor embedding(Tensor weight, long paddingIdx) {
        return embedding(weight, paddingIdx, false);
    }

    /**
     * Returns the rows of a matrix at these indices, of any shape. {@code torch.nn.functional.embedding}.
     *
     * @param paddingIdx a row without gradient, or null
     * @param scaleGradByFreq whether to divide gradients by the frequency of the row's index
     */
    default Tensor embedding(Tensor weight, @Nullable Long paddingIdx, boolean scaleGradByFreq) {
        Arguments.notNull("embedding", "weight", weight);
        return end(
                start("embedding", this, weight),
                EmbeddingOps.embedding((Tensor) this, weight, paddingIdx, scaleGradByFreq));
    }

    /**
     * Reduces the rows of a matrix at these indices in bags: the rows of a matrix of indices, or segments of a vector.
     * {@code torch.nn.functional.embedding_bag}.
     *
     * @param offsets the start of each bag in a vector; null for a matrix
     * @param mode {@code sum}, {@code mean} (the default for null) or {@code max}
     * @param perSampleWeights factors of the rows, for {@code sum} only, or null
     * @param includeLastOffset whether the last offset is the end of the last bag
     * @param paddingIdx a row to skip, or null
     */
    default Tensor embeddingBag(
            Tensor weight,
            @Nullable Tensor offsets,
            @Nullable String mode,
            @Nullable Tensor perSampleWeights,
            boolean includeLastOffset,
            @Nullable Long paddingIdx) {
        Arguments.notNull("embedding_bag", "weight", weight);
        return end(
                start("embedding_bag", this, weight, offsets, perSampleWeights),
                EmbeddingOps.embeddingBag(
                        (Tensor) this, weight, offsets, mode, perSampleWeights, includeLastOffset, paddingIdx));
    }

    /**
     * Reduces the rows of a matrix in bags, the rows of this matrix of indices. {@code
     * torch.nn.functional.embedding_bag}.
     */
    default Tensor embeddingBag(Tensor weight, BagMode mode) {
        Arguments.notNull("embedding_bag", "weight", weight);
        String text = Arguments.notNull("embedding_bag", "mode", mode).text();
        return embeddingBag(weight, null, text, null, false, null);
    }

    /**
     * Reduces the rows of a matrix in bags that start at offsets in this vector. {@code
     * torch.nn.functional.embedding_bag}.
     */
    default Tensor embeddingBag(Tensor weight, Tensor offsets, BagMode mode) {
        Arguments.notNull("embedding_bag", "weight", weight);
        Arguments.notNull("embedding_bag", "offsets", offsets);
        String text = Arguments.notNull("embedding_bag", "mode", mode).text();
        return embeddingBag(weight, offsets, text, null, false, null);
    }

    /** Returns one-hot rows of classes; -1 infers the number of classes. {@code torch.nn.functional.one_hot}. */
    default Tensor oneHot(long numClasses) {
        return end(start("one_hot", this), SearchOps.oneHot(GatherOps.wide((Tensor) this), numClasses));
    }

    /** Returns one-hot rows, with the number of classes inferred. {@code torch.nn.functional.one_hot}. */
    default Tensor oneHot() {
        return oneHot(-1);
    }

    /**
     * Returns the number of sorted boundaries below each element (or, with {@code right}, not above). {@code
     * torch.bucketize}.
     */
    default Tensor bucketize(Tensor boundaries, boolean outInt32, boolean right) {
        Arguments.notNull("bucketize", "boundaries", boundaries);
        return end(
                start("bucketize", this, boundaries), SearchOps.bucketize((Tensor) this, boundaries, outInt32, right));
    }

    /** Returns the number of sorted boundaries below each element, int64. {@code torch.bucketize}. */
    default Tensor bucketize(Tensor boundaries) {
        Arguments.notNull("bucketize", "boundaries", boundaries);
        return bucketize(boundaries, false, false);
    }

    /**
     * Returns the positions at which values would be inserted into the sorted rows of this tensor, int64. {@code
     * torch.searchsorted}.
     */
    default Tensor searchsorted(Tensor self) {
        Arguments.notNull("searchsorted", "self", self);
        return searchsorted(self, false, false, null, null);
    }

    /** Works as {@link #searchsorted(Tensor)}, after equal elements if {@code right}. {@code torch.searchsorted}. */
    default Tensor searchsorted(Tensor self, boolean right) {
        Arguments.notNull("searchsorted", "self", self);
        return searchsorted(self, false, right, null, null);
    }

    /**
     * Returns the positions at which values would be inserted into the sorted rows of this tensor. {@code
     * torch.searchsorted}.
     *
     * @param outInt32 whether the result is int32 instead of int64
     * @param right whether to insert after equal elements
     * @param side {@code left} or {@code right}, as the parameter of that name
     * @param sorter indices that sort this tensor, or null if it is sorted
     */
    default Tensor searchsorted(
            Tensor self, boolean outInt32, boolean right, @Nullable String side, @Nullable Tensor sorter) {
        Arguments.notNull("searchsorted", "self", self);
        return end(
                start("searchsorted", this, self, sorter),
                SearchOps.searchsorted((Tensor) this, self, outInt32, right, side, sorter));
    }

    /** Returns whether each element is among others. {@code torch.isin}. */
    default Tensor isin(Tensor testElements) {
        Arguments.notNull("isin", "test_elements", testElements);
        return isin(testElements, false, false);
    }

    /** Returns whether each element is among others, or is not if {@code invert}. {@code torch.isin}. */
    default Tensor isin(Tensor testElements, boolean assumeUnique, boolean invert) {
        Arguments.notNull("isin", "test_elements", testElements);
        return end(start("isin", this, testElements), SearchOps.isin((Tensor) this, testElements, invert));
    }
}
