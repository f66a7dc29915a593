package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Attends to a sequence itself and to a memory, then computes two linear layers (Vaswani and others 2017); PyTorch's {@code nn.TransformerDecoderLayer}. */
public final class TransformerDecoderLayer extends Module {
    private final TransformerOptions options;
    private final MultiheadAttention selfAttn;
    private final MultiheadAttention multiheadAttn;
    private final Linear linear1;
    private final Dropout dropout;
    private final Linear linear2;
    private final LayerNorm norm1;
    private final LayerNorm norm2;
    private final LayerNorm norm3;
    private final Dropout dropout1;
    private final Dropout dropout2;
    private final Dropout dropout3;

    /** Returns the options with PyTorch's defaults. */
    public static TransformerOptions options() {
        return TransformerOptions.DEFAULT;
    }

    /** Creates one of that number of features and heads. */
    public TransformerDecoderLayer(int dModel, int nhead) {
        this(dModel, nhead, options());
    }

    /** Creates one with options. */
    public TransformerDecoderLayer(int dModel, int nhead, TransformerOptions options) {
        this.options = options;
        selfAttn = registerModule("self_attn", options.attention(dModel, nhead));
        multiheadAttn = registerModule("multihead_attn", options.attention(dModel, nhead));
        linear1 = registerModule("linear1", new Linear(dModel, options.dimFeedforward(), options.bias()));
        dropout = registerModule("dropout", new Dropout(options.dropout()));
        linear2 = registerModule("linear2", new Linear(options.dimFeedforward(), dModel, options.bias()));
        norm1 = registerModule("norm1", options.norm(dModel));
        norm2 = registerModule("norm2", options.norm(dModel));
        norm3 = registerModule("norm3", options.norm(dModel));
        dropout1 = registerModule("dropout1", new Dropout(options.dropout()));
        dropout2 = registerModule("dropout2", new Dropout(options.dropout()));
        dropout3 = registerModule("dropout3", new Dropout(options.dropout()));
    }

    @Override
    public Tensor forward(Tensor tgt, Tensor memory) {
        return run(tgt, memory, TransformerMasks.none());
    }

    /** Computes it with the masks of targets and of the memory. */
    public Tensor run(Tensor tgt, Tensor memory, TransformerMasks masks) {
        if (options.normFirst()) {
            Tensor x = tgt.add(attend(norm1.call(tgt), masks));
            x = x.add(attendTo(norm2.call(x), memory, masks));
            return x.add(feedForward(norm3.call(x)));
        }
        Tensor x = norm1.call(tgt.add(attend(tgt, masks)));
        x = norm2.call(x.add(attendTo(x, memory, masks)));
        return norm3.call(x.add(feedForward(x)));
    }

    private Tensor attend(Tensor x, TransformerMasks masks) {
        return dropout1.call(selfAttn.run(x, x, x, TransformerMasks.call(masks.tgtMask(), masks.tgtKeyPaddingMask()))
                .output());
    }

    private Tensor attendTo(Tensor x, Tensor memory, TransformerMasks masks) {
        return dropout2.call(multiheadAttn
                .run(x, memory, memory, TransformerMasks.call(masks.memoryMask(), masks.memoryKeyPaddingMask()))
                .output());
    }

    private Tensor feedForward(Tensor x) {
        Tensor y = options.activate(linear1.call(x));
        return dropout3.call(linear2.call(dropout.call(y)));
    }
}
