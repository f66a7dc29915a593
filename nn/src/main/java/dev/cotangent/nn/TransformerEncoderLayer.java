package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Attends to a sequence itself, then computes two linear layers (Vaswani and others 2017); PyTorch's {@code nn.TransformerEncoderLayer}. */
public final class TransformerEncoderLayer extends Module {
    private final TransformerOptions options;
    private final MultiheadAttention selfAttn;
    private final Linear linear1;
    private final Dropout dropout;
    private final Linear linear2;
    private final LayerNorm norm1;
    private final LayerNorm norm2;
    private final Dropout dropout1;
    private final Dropout dropout2;

    /** Returns the options with PyTorch's defaults. */
    public static TransformerOptions options() {
        return TransformerOptions.DEFAULT;
    }

    /** Creates one of that number of features and heads. */
    public TransformerEncoderLayer(int dModel, int nhead) {
        this(dModel, nhead, options());
    }

    /** Creates one with options. */
    public TransformerEncoderLayer(int dModel, int nhead, TransformerOptions options) {
        this.options = options;
        selfAttn = registerModule("self_attn", options.attention(dModel, nhead));
        linear1 = registerModule("linear1", new Linear(dModel, options.dimFeedforward(), options.bias()));
        dropout = registerModule("dropout", new Dropout(options.dropout()));
        linear2 = registerModule("linear2", new Linear(options.dimFeedforward(), dModel, options.bias()));
        norm1 = registerModule("norm1", options.norm(dModel));
        norm2 = registerModule("norm2", options.norm(dModel));
        dropout1 = registerModule("dropout1", new Dropout(options.dropout()));
        dropout2 = registerModule("dropout2", new Dropout(options.dropout()));
    }

    @Override
    public Tensor forward(Tensor src) {
        return run(src, TransformerMasks.none());
    }

    /** Computes it with {@code srcMask} and {@code srcKeyPaddingMask}. */
    public Tensor run(Tensor src, TransformerMasks masks) {
        if (options.normFirst()) {
            Tensor x = src.add(attend(norm1.call(src), masks));
            return x.add(feedForward(norm2.call(x)));
        }
        Tensor x = norm1.call(src.add(attend(src, masks)));
        return norm2.call(x.add(feedForward(x)));
    }

    private Tensor attend(Tensor x, TransformerMasks masks) {
        return dropout1.call(selfAttn.run(x, x, x, TransformerMasks.call(masks.srcMask(), masks.srcKeyPaddingMask()))
                .output());
    }

    private Tensor feedForward(Tensor x) {
        Tensor y = options.activate(linear1.call(x));
        return dropout2.call(linear2.call(dropout.call(y)));
    }
}
