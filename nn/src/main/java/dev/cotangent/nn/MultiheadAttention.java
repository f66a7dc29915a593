package dev.cotangent.nn;

import dev.cotangent.AttentionOptions;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Computes scaled dot-product attention in several heads (Vaswani and others 2017); PyTorch's {@code nn.MultiheadAttention}.
 *
 * <p>Inputs are L x N x E (sequence, batch, features), N x L x E with {@code batchFirst}, or L x E without a batch. */
public final class MultiheadAttention extends Module {
    /**
     * Options of {@link MultiheadAttention}, immutable: each method returns a copy.
     *
     * @param dropout the probability of dropout of weights
     * @param bias whether projections have biases
     * @param addBiasKv whether a learned key and value are added
     * @param addZeroAttn whether a key and a value of zeros are added
     * @param kdim the features of keys; null for those of queries
     * @param vdim the features of values; null for those of queries
     * @param batchFirst whether the first dimension is the batch
     */
    public record Options(
            double dropout,
            boolean bias,
            boolean addBiasKv,
            boolean addZeroAttn,
            @Nullable Integer kdim,
            @Nullable Integer vdim,
            boolean batchFirst) {
        /** Returns a copy with {@code dropout}. */
        public Options dropout(double value) {
            return new Options(value, bias, addBiasKv, addZeroAttn, kdim, vdim, batchFirst);
        }

        /** Returns a copy with {@code bias}. */
        public Options bias(boolean value) {
            return new Options(dropout, value, addBiasKv, addZeroAttn, kdim, vdim, batchFirst);
        }

        /** Returns a copy with {@code addBiasKv}. */
        public Options addBiasKv(boolean value) {
            return new Options(dropout, bias, value, addZeroAttn, kdim, vdim, batchFirst);
        }

        /** Returns a copy with {@code addZeroAttn}. */
        public Options addZeroAttn(boolean value) {
            return new Options(dropout, bias, addBiasKv, value, kdim, vdim, batchFirst);
        }

        /** Returns a copy with {@code kdim}. */
        public Options kdim(@Nullable Integer value) {
            return new Options(dropout, bias, addBiasKv, addZeroAttn, value, vdim, batchFirst);
        }

        /** Returns a copy with {@code vdim}. */
        public Options vdim(@Nullable Integer value) {
            return new Options(dropout, bias, addBiasKv, addZeroAttn, kdim, value, batchFirst);
        }

        /** Returns a copy with {@code batchFirst}. */
        public Options batchFirst(boolean value) {
            return new Options(dropout, bias, addBiasKv, addZeroAttn, kdim, vdim, value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(0, true, false, false, null, null, false);
    }

    /**
     * How an attention is computed, immutable: each method returns a copy.
     *
     * @param keyPaddingMask which keys are padding: N x S, or S without a batch, of bool or added to scores
     * @param attnMask which keys a query must not see: L x S or (N * heads) x L x S, of bool or added to scores
     * @param needWeights whether the weights are wanted
     * @param averageAttnWeights whether the mean of the heads' weights is wanted, not each
     */
    public record Call(
            @Nullable Tensor keyPaddingMask,
            @Nullable Tensor attnMask,
            boolean needWeights,
            boolean averageAttnWeights) {
        /** Returns a copy with {@code keyPaddingMask}. */
        public Call keyPaddingMask(@Nullable Tensor value) {
            return new Call(value, attnMask, needWeights, averageAttnWeights);
        }

        /** Returns a copy with {@code attnMask}. */
        public Call attnMask(@Nullable Tensor value) {
            return new Call(keyPaddingMask, value, needWeights, averageAttnWeights);
        }

        /** Returns a copy with {@code needWeights}. */
        public Call needWeights(boolean value) {
            return new Call(keyPaddingMask, attnMask, value, averageAttnWeights);
        }

        /** Returns a copy with {@code averageAttnWeights}. */
        public Call averageAttnWeights(boolean value) {
            return new Call(keyPaddingMask, attnMask, needWeights, value);
        }
    }

    /** Returns how PyTorch computes it by default: without masks, with the mean of the weights. */
    public static Call callOptions() {
        return new Call(null, null, true, true);
    }

    /**
     * The result of an attention.
     *
     * @param output of the shape of the queries
     * @param weights the weights, N x L x S or N x heads x L x S; null if not wanted
     */
    public record Output(Tensor output, @Nullable Tensor weights) {}

    private final int embedDim;
    private final int numHeads;
    private final Options options;
    private final Tensor[] projections;
    private final @Nullable Tensor bias;
    private final Linear outProj;
    private final @Nullable Tensor biasK;
    private final @Nullable Tensor biasV;

    /** Creates one of that number of features and heads. */
    public MultiheadAttention(int embedDim, int numHeads) {
        this(embedDim, numHeads, options());
    }

    /** Creates one with options. */
    public MultiheadAttention(int embedDim, int numHeads, Options options) {
        if (embedDim <= 0 || numHeads <= 0) {
            throw new ValueException("embed_dim and num_heads must be greater than 0, got embed_dim=" + embedDim
                    + " and num_heads=" + numHeads + " instead");
        }
        if (embedDim % numHeads != 0) throw new ValueException("embed_dim must be divisible by num_heads");
        this.embedDim = embedDim;
        this.numHeads = numHeads;
        this.options = options;
        int keys = options.kdim == null ? embedDim : options.kdim;
        int values = options.vdim == null ? embedDim : options.vdim;
        boolean packed = keys == embedDim && values == embedDim;
        projections = packed
                ? new Tensor[] {registerParameter("in_proj_weight", Tensors.zeros(3L * embedDim, embedDim))}
                : new Tensor[] {
                    registerParameter("q_proj_weight", Tensors.zeros(embedDim, embedDim)),
                    registerParameter("k_proj_weight", Tensors.zeros(embedDim, keys)),
                    registerParameter("v_proj_weight", Tensors.zeros(embedDim, values))
                };
        bias = registerParameter("in_proj_bias", options.bias ? Tensors.zeros(3L * embedDim) : null);
        outProj = registerModule("out_proj", new NonDynamicallyQuantizableLinear(embedDim, embedDim, options.bias));
        biasK = registerParameter("bias_k", options.addBiasKv ? Tensors.zeros(1, 1, embedDim) : null);
        biasV = registerParameter("bias_v", options.addBiasKv ? Tensors.zeros(1, 1, embedDim) : null);
        for (Tensor p : projections) Init.xavierUniform_(p);
        Tensor outBias = outProj.bias();
        if (outBias != null) Init.zeros_(outBias);
        if (biasK != null) Init.xavierNormal_(biasK);
        if (biasV != null) Init.xavierNormal_(biasV);
    }

    /** Returns the output alone, without masks. */
    @Override
    public Tensor forward(Tensor query, Tensor key, Tensor value) {
        return run(query, key, value, callOptions().needWeights(false)).output();
    }

    /** Returns the output and, if wanted, the weights. */
    public Output run(Tensor query, Tensor key, Tensor value, Call call) {
        boolean batched = query.dim() == 3;
        if (!batched && query.dim() != 2) {
            throw new ValueException("query should be unbatched 2D or batched 3D tensor but received " + query.dim()
                    + "-D query tensor");
        }
        if (key.dim() != query.dim() || value.dim() != query.dim()) {
            throw new ValueException("For " + (batched ? "batched (3-D)" : "unbatched (2-D)")
                    + " `query`, expected `key` and `value` to be " + query.dim() + "-D but found " + key.dim()
                    + "-D and " + value.dim() + "-D tensors respectively");
        }
        if (query.size(-1) != embedDim) {
            throw new ValueException(
                    "was expecting embedding dimension of " + embedDim + ", but got " + query.size(-1));
        }
        boolean swapped = batched && options.batchFirst;
        Tensor q = project(0, arranged(query, batched, swapped));
        Tensor k = project(1, arranged(key, batched, swapped));
        Tensor v = project(2, arranged(value, batched, swapped));
        long length = q.size(0);
        long batch = q.size(1);
        Tensor mask = mask(call.attnMask, query.dtype());
        if (mask != null && mask.dim() == 2) mask = mask.unsqueeze(0);
        Tensor padding = mask(call.keyPaddingMask, query.dtype());
        if (padding != null && !batched) padding = padding.unsqueeze(0);
        checkMasks(mask, padding, length, k.size(0), batch);
        long added = 0;
        if (biasK != null && biasV != null) {
            k = Tensors.cat(k, biasK.repeat(1, batch, 1));
            v = Tensors.cat(v, biasV.repeat(1, batch, 1));
            added++;
        }
        q = heads(q);
        k = heads(k);
        v = heads(v);
        if (options.addZeroAttn) {
            Tensor none = k.detach().newZeros(k.size(0), 1, k.size(2));
            k = Tensors.cat(List.of(k, none), 1);
            v = Tensors.cat(List.of(v, none), 1);
            added++;
        }
        if (mask != null) mask = mask.pad(0, added);
        if (padding != null) {
            Tensor each = padding.pad(0, added)
                    .view(batch, 1, 1, -1)
                    .expand(batch, numHeads, 1, -1)
                    .reshape(batch * numHeads, 1, -1);
            mask = mask == null ? each : mask.add(each);
        }
        double dropout = isTraining() ? options.dropout : 0;
        Tensor weights = null;
        Tensor mixed;
        if (call.needWeights) {
            Tensor scores = q.mul(1 / Math.sqrt((double) embedDim / numHeads)).matmul(k.transpose(1, 2));
            if (mask != null) scores = scores.add(mask);
            weights = scores.softmax(-1);
            mixed = weights.dropout(dropout, true).matmul(v);
        } else {
            AttentionOptions attention = Tensors.attentionOptions().dropoutP(dropout);
            mixed = q.scaledDotProductAttention(k, v, mask == null ? attention : attention.attnMask(mask));
        }
        Tensor out = outProj.call(mixed.transpose(0, 1).reshape(length, batch, embedDim));
        out = !batched ? out.squeeze(1) : swapped ? out.transpose(0, 1) : out;
        if (weights == null) return new Output(out, null);
        weights = weights.view(batch, numHeads, length, k.size(1));
        if (call.averageAttnWeights) weights = weights.mean(1);
        return new Output(out, batched ? weights : weights.squeeze(0));
    }

    private static Tensor arranged(Tensor x, boolean batched, boolean swapped) {
        return !batched ? x.unsqueeze(1) : swapped ? x.transpose(0, 1) : x;
    }

    private Tensor project(int which, Tensor x) {
        Tensor weight = projections.length == 1
                ? projections[0].narrow(0, (long) which * embedDim, embedDim)
                : projections[which];
        return x.linear(weight, bias == null ? null : bias.narrow(0, (long) which * embedDim, embedDim));
    }

    /** Divides features among heads: L x N x E becomes (N * heads) x L x (E / heads). */
    private Tensor heads(Tensor x) {
        return x.reshape(x.size(0), x.size(1) * numHeads, embedDim / numHeads).transpose(0, 1);
    }

    private static @Nullable Tensor mask(@Nullable Tensor mask, Dtype dtype) {
        if (mask == null || mask.dtype().isFloatingPoint()) return mask;
        if (mask.dtype() != Dtype.BOOL) {
            throw new ValueException(
                    "only bool and floating types of attn_mask are supported, but got " + mask.dtype());
        }
        return mask.zerosLike(dtype).maskedFill(mask, Double.NEGATIVE_INFINITY);
    }

    private void checkMasks(@Nullable Tensor mask, @Nullable Tensor padding, long length, long keys, long batch) {
        if (mask != null) {
            boolean fits = mask.dim() == 3
                    && (mask.size(0) == 1 || mask.size(0) == batch * numHeads)
                    && mask.size(1) == length
                    && mask.size(2) == keys;
            if (!fits) {
                boolean each = mask.dim() == 3 && mask.size(0) != 1;
                throw new ValueException("The shape of the " + (each ? 3 : 2) + "D attn_mask is "
                        + (each ? mask : mask.squeeze(0)).shape() + ", but should be ("
                        + (each ? batch * numHeads + ", " : "") + length + ", " + keys + ").");
            }
        }
        if (padding != null && !(padding.dim() == 2 && padding.size(0) == batch && padding.size(1) == keys)) {
            throw new ValueException(
                    "Expected key_padding_mask of shape (" + batch + ", " + keys + "), but got " + padding.shape());
        }
    }
}
