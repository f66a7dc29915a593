package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import org.jspecify.annotations.Nullable;

/** Looks up rows of a table; PyTorch's {@code nn.Embedding}. */
public final class Embedding extends Module {
    /**
     * Options of {@link Embedding}, immutable: each method returns a copy.
     *
     * @param paddingIdx a row of zeros that is not trained; negative counts from the end
     * @param scaleGradByFreq whether gradients are divided by how often an index occurs
     */
    public record Options(@Nullable Integer paddingIdx, boolean scaleGradByFreq) {
        /** Returns a copy with {@code paddingIdx}. */
        public Options paddingIdx(@Nullable Integer value) {
            return new Options(value, scaleGradByFreq);
        }

        /** Returns a copy with {@code scaleGradByFreq}. */
        public Options scaleGradByFreq(boolean value) {
            return new Options(paddingIdx, value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(null, false);
    }

    private final int numEmbeddings;
    private final int embeddingDim;
    private final Options options;
    private final @Nullable Integer paddingIdx;
    private final Tensor weight;

    /** Creates a table of that many rows of that many elements. */
    public Embedding(int numEmbeddings, int embeddingDim) {
        this(numEmbeddings, embeddingDim, options());
    }

    /** Creates a table with options, of normal numbers. */
    public Embedding(int numEmbeddings, int embeddingDim, Options options) {
        this.numEmbeddings = numEmbeddings;
        this.embeddingDim = embeddingDim;
        this.options = options;
        Integer padding = options.paddingIdx;
        if (padding != null && (padding < -numEmbeddings || padding >= numEmbeddings)) {
            throw new ValueException("Padding_idx must be within num_embeddings");
        }
        this.paddingIdx = padding == null || padding >= 0 ? padding : (Integer) (padding + numEmbeddings);
        Tensor table = Tensors.zeros(numEmbeddings, embeddingDim).normal_();
        if (paddingIdx != null) table.select(0, paddingIdx).zero_();
        weight = registerParameter("weight", table);
    }

    /** Returns the table. */
    public Tensor weight() {
        return weight;
    }

    /** Returns the rows of the indices, as an additional dimension. */
    @Override
    public Tensor forward(Tensor input) {
        return input.embedding(
                weight, paddingIdx == null ? null : (Long) paddingIdx.longValue(), options.scaleGradByFreq);
    }

    @Override
    protected String extraRepr() {
        return numEmbeddings + ", " + embeddingDim + (paddingIdx == null ? "" : ", padding_idx=" + paddingIdx)
                + (options.scaleGradByFreq ? ", scale_grad_by_freq=True" : "");
    }
}
