package dev.cotangent.nn;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;

/** Computes an encoder and a decoder of attention layers (Vaswani and others 2017); PyTorch's {@code nn.Transformer}. */
public final class Transformer extends Module {
    private final int dModel;
    private final boolean batchFirst;
    private final TransformerEncoder encoder;
    private final TransformerDecoder decoder;

    /** Returns the options with PyTorch's defaults. */
    public static TransformerOptions options() {
        return TransformerOptions.DEFAULT;
    }

    /** Creates one of that number of features and heads. */
    public Transformer(int dModel, int nhead) {
        this(dModel, nhead, options());
    }

    /** Creates one with options. */
    public Transformer(int dModel, int nhead, TransformerOptions options) {
        this.dModel = dModel;
        this.batchFirst = options.batchFirst();
        LayerNorm.Options norm = LayerNorm.options().eps(options.layerNormEps()).bias(options.bias());
        encoder = registerModule(
                "encoder",
                new TransformerEncoder(
                        () -> new TransformerEncoderLayer(dModel, nhead, options),
                        options.numEncoderLayers(),
                        new LayerNorm(dModel, norm)));
        decoder = registerModule(
                "decoder",
                new TransformerDecoder(
                        () -> new TransformerDecoderLayer(dModel, nhead, options),
                        options.numDecoderLayers(),
                        new LayerNorm(dModel, norm)));
        for (Tensor p : parameters()) if (p.dim() > 1) Init.xavierUniform_(p);
    }

    @Override
    public Tensor forward(Tensor src, Tensor tgt) {
        return run(src, tgt, TransformerMasks.none());
    }

    /** Computes it with masks. */
    public Tensor run(Tensor src, Tensor tgt, TransformerMasks masks) {
        int batch = batchFirst ? 0 : 1;
        if (src.dim() == 3 && src.size(batch) != tgt.size(batch)) {
            throw new CotangentException("the batch number of src and tgt must be equal");
        }
        if (src.size(-1) != dModel || tgt.size(-1) != dModel) {
            throw new CotangentException("the feature number of src and tgt must be equal to d_model");
        }
        return decoder.run(tgt, encoder.run(src, masks), masks);
    }

    /** Returns a mask with which no position sees later ones; {@code generate_square_subsequent_mask}. */
    public static Tensor generateSquareSubsequentMask(int size) {
        return Tensors.full(Tensors.shape(size, size), Double.NEGATIVE_INFINITY, Dtype.FLOAT32)
                .triu(1);
    }
}
