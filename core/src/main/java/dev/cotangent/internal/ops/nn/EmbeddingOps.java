package dev.cotangent.internal.ops.nn;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.IndexException;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.backend.Layout;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.indexing.IndexOps;
import dev.cotangent.internal.ops.indexing.SearchOps;
import dev.cotangent.internal.ops.indexing.Selection;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Embedding look-up and embedding bags. */
public final class EmbeddingOps {
    private EmbeddingOps() {}

    /** Computes {@code torch.nn.functional.embedding}: rows of the matrix {@code weight}. */
    public static Tensor embedding(Tensor indices, Tensor weight, @Nullable Long paddingIdx, boolean scaleGradByFreq) {
        if (weight.dim() != 2) throw new CotangentException("'weight' must be 2-D");
        if (indices.dtype() != Dtype.INT64 && indices.dtype() != Dtype.INT32) {
            throw new CotangentException("Expected tensor for argument #1 'indices' to have one of the following scalar"
                    + " types: Long, Int; but got "
                    + weight.type()
                            .replace(
                                    weight.dtype().scalarName(), indices.dtype().scalarName())
                    + " instead (while checking arguments for embedding)");
        }
        long rows = weight.size(0);
        long padding = -1;
        if (paddingIdx != null) {
            if (paddingIdx >= rows || paddingIdx < -rows) {
                throw new CotangentException("Padding_idx must be within num_embeddings");
            }
            padding = paddingIdx < 0 ? paddingIdx + rows : paddingIdx;
        }
        long[] shape = Arrays.copyOf(Internals.layout(indices).sizes(), indices.dim() + 1);
        shape[indices.dim()] = weight.size(1);
        Tensor picked = IndexOps.indexSelect(weight.detach(), 0, indices.reshape(-1));
        Tensor out = Internals.wrap(Internals.strided(picked).with(Layout.contiguous(shape)));
        long skip = padding;
        return GradientRule.of("EmbeddingBackward0", out)
                .input(weight, indices, (g, i) -> embeddingBackward(g, i, rows, skip, scaleGradByFreq))
                .none(indices)
                .done();
    }

    private static Tensor embeddingBackward(Tensor g, Tensor indices, long rows, long padding, boolean scale) {
        Tensor index = indices.reshape(-1).to(Dtype.INT64);
        Tensor lines = g.reshape(index.numel(), g.size(-1));
        if (padding >= 0) lines = lines.maskedFill(index.eq(padding).unsqueeze(1), 0);
        if (scale) {
            Tensor one = CreationOps.ones(g.dtype(), g.device(), index.numel());
            Tensor count = IndexOps.indexAdd(CreationOps.zeros(g.dtype(), g.device(), rows), 0, index, one, 1, false);
            lines = lines.div(IndexOps.indexSelect(count, 0, index).unsqueeze(1));
        }
        return IndexOps.sum(new long[] {rows, g.size(-1)}, 0, index, lines);
    }

    /** Computes {@code torch.nn.functional.embedding_bag}: a look-up followed by a reduction over each bag. */
    public static Tensor embeddingBag(
            Tensor input,
            Tensor weight,
            @Nullable Tensor offsets,
            @Nullable String mode,
            @Nullable Tensor perSampleWeights,
            boolean includeLastOffset,
            @Nullable Long paddingIdx) {
        String how = mode == null ? "mean" : mode;
        if (perSampleWeights != null && !perSampleWeights.shape().equals(input.shape())) {
            throw new ValueException("embedding_bag: If per_sample_weights (" + perSampleWeights.shape()
                    + ") is not None, then it must have the same shape as the input (" + input.shape() + ")");
        }
        Tensor index = input.reshape(-1).to(Dtype.INT64);
        Tensor factors = perSampleWeights == null ? null : perSampleWeights.reshape(-1);
        Tensor starts = starts(input, offsets);
        long bags = starts.numel() - (includeLastOffset && offsets != null ? 1 : 0);
        Tensor bag = bags(input, index, starts.narrow(0, 0, bags));
        if (paddingIdx != null) {
            long padding = paddingIdx < 0 ? paddingIdx + weight.size(0) : paddingIdx;
            Tensor selected = Selection.flatPositions(index.ne(padding));
            index = index.indexSelect(0, selected);
            bag = bag.indexSelect(0, selected);
            if (factors != null) factors = factors.indexSelect(0, selected);
        }
        if (factors != null && !how.equals("sum")) {
            throw new dev.cotangent.UnsupportedException(
                    "embedding_bag: per_sample_weights was not None. per_sample_weights"
                            + " is only supported for mode='sum' (got mode='" + how
                            + "'). Please open a feature request on GitHub.");
        }
        if (weight.dim() != 2) throw new CotangentException("'weight' must be 2-D");
        // Half types accumulate in float32.
        Tensor wide = weight.to(weight.dtype().computeType());
        Tensor out = switch (how) {
            case "sum" ->
                factors == null
                        ? addRows(wide, index, bags, bag)
                        : zeros(wide, bags)
                                .indexAdd(
                                        0,
                                        bag,
                                        embedding(index, wide, null, false)
                                                .mul(factors.to(wide.dtype()).unsqueeze(1)));
            case "mean" -> {
                Tensor one = CreationOps.ones(wide.dtype(), wide.device(), index.numel());
                Tensor count =
                        CreationOps.zeros(wide.dtype(), wide.device(), bags).indexAdd_(0, bag, one);
                yield addRows(wide, index, bags, bag).div(count.clampMin(1).unsqueeze(1));
            }
            case "max" -> zeros(wide, bags).indexReduce(0, bag, embedding(index, wide, null, false), "amax", false);
            default -> throw new ValueException("mode has to be one of sum or mean");
        };
        return out.to(weight.dtype());
    }

    private static Tensor zeros(Tensor weight, long rows) {
        return CreationOps.zeros(weight.dtype(), weight.device(), rows, weight.size(1));
    }

    /** Returns zeros of that many rows, to which rows of another matrix are added. */
    private static Tensor addRows(Tensor from, Tensor fromIndex, long rows, Tensor toIndex) {
        Promotion.device("index_select", from, fromIndex);
        Tensor out = CreationOps.zeros(from.dtype(), from.device(), rows, from.size(1));
        try {
            Internals.backend(out)
                    .addRows(
                            Internals.strided(from),
                            Internals.strided(fromIndex),
                            Internals.strided(out),
                            Internals.strided(toIndex));
        } catch (IndexException e) {
            throw new IndexException("index out of range in self", e);
        }
        long before = from.size(0);
        return GradientRule.of("EmbeddingBagBackward0", out)
                .input(from, fromIndex, toIndex, (g, i, j) -> addRows(g, j, before, i))
                .none(fromIndex)
                .done();
    }

    /** Returns the bag of each element: the number of bags that start at or before it, minus one. */
    private static Tensor bags(Tensor input, Tensor index, Tensor starts) {
        long rows = index.numel();
        if (input.dim() == 2 && rows > 0) {
            return CreationOps.arange(0, starts.numel(), 1, Dtype.INT64, input.device())
                    .unsqueeze(1)
                    .expand(Internals.layout(input).sizes())
                    .reshape(-1);
        }
        Tensor positions = CreationOps.arange(0, rows, 1, Dtype.INT64, input.device());
        return SearchOps.searchsorted(starts, positions, false, true, null, null)
                .sub(1);
    }

    private static Tensor starts(Tensor input, @Nullable Tensor offsets) {
        if (input.dim() == 2) {
            if (offsets != null) {
                throw new ValueException(
                        "if input is 2D, then offsets has to be None, as input is treated is a mini-batch of"
                                + " fixed length sequences. However, found offsets of type " + offsets.type());
            }
            if (input.size(1) == 0) return CreationOps.zeros(Dtype.INT64, input.device(), input.size(0));
            return CreationOps.arange(0, input.numel(), input.size(1), Dtype.INT64, input.device());
        }
        if (input.dim() != 1) {
            throw new ValueException("input has to be 1D or 2D Tensor, but got Tensor of dimension " + input.dim());
        }
        if (offsets == null) throw new ValueException("offsets has to be a 1D Tensor but got None");
        if (offsets.dim() != 1) throw new ValueException("offsets has to be a 1D Tensor");
        return offsets.to(Dtype.INT64);
    }
}
