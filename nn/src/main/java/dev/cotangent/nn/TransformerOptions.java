package dev.cotangent.nn;

import dev.cotangent.Tensor;

/**
 * Options of transformers, immutable: each method returns a copy.
 *
 * @param dimFeedforward the features between the two linear layers
 * @param dropout the probability of dropout
 * @param activation what follows the first linear layer
 * @param layerNormEps what layer norms add to variances
 * @param batchFirst whether the first dimension is the batch, not the sequence
 * @param normFirst whether layer norms come before the other parts, not after
 * @param bias whether there are biases
 * @param numEncoderLayers of {@link Transformer} alone, the layers of the encoder
 * @param numDecoderLayers of {@link Transformer} alone, the layers of the decoder
 */
public record TransformerOptions(
        int dimFeedforward,
        double dropout,
        Activation activation,
        double layerNormEps,
        boolean batchFirst,
        boolean normFirst,
        boolean bias,
        int numEncoderLayers,
        int numDecoderLayers) {
    /** Returns a copy with {@code dimFeedforward}. */
    public TransformerOptions dimFeedforward(int value) {
        return new TransformerOptions(
                value,
                dropout,
                activation,
                layerNormEps,
                batchFirst,
                normFirst,
                bias,
                numEncoderLayers,
                numDecoderLayers);
    }

    /** Returns a copy with {@code dropout}. */
    public TransformerOptions dropout(double value) {
        return new TransformerOptions(
                dimFeedforward,
                value,
                activation,
                layerNormEps,
                batchFirst,
                normFirst,
                bias,
                numEncoderLayers,
                numDecoderLayers);
    }

    /** Returns a copy with {@code activation}. */
    public TransformerOptions activation(Activation value) {
        return new TransformerOptions(
                dimFeedforward,
                dropout,
                value,
                layerNormEps,
                batchFirst,
                normFirst,
                bias,
                numEncoderLayers,
                numDecoderLayers);
    }

    /** Returns a copy with {@code layerNormEps}. */
    public TransformerOptions layerNormEps(double value) {
        return new TransformerOptions(
                dimFeedforward,
                dropout,
                activation,
                value,
                batchFirst,
                normFirst,
                bias,
                numEncoderLayers,
                numDecoderLayers);
    }

    /** Returns a copy with {@code batchFirst}. */
    public TransformerOptions batchFirst(boolean value) {
        return new TransformerOptions(
                dimFeedforward,
                dropout,
                activation,
                layerNormEps,
                value,
                normFirst,
                bias,
                numEncoderLayers,
                numDecoderLayers);
    }

    /** Returns a copy with {@code normFirst}. */
    public TransformerOptions normFirst(boolean value) {
        return new TransformerOptions(
                dimFeedforward,
                dropout,
                activation,
                layerNormEps,
                batchFirst,
                value,
                bias,
                numEncoderLayers,
                numDecoderLayers);
    }

    /** Returns a copy with {@code bias}. */
    public TransformerOptions bias(boolean value) {
        return new TransformerOptions(
                dimFeedforward,
                dropout,
                activation,
                layerNormEps,
                batchFirst,
                normFirst,
                value,
                numEncoderLayers,
                numDecoderLayers);
    }

    /** Returns a copy with {@code numEncoderLayers}. */
    public TransformerOptions numEncoderLayers(int value) {
        return new TransformerOptions(
                dimFeedforward,
                dropout,
                activation,
                layerNormEps,
                batchFirst,
                normFirst,
                bias,
                value,
                numDecoderLayers);
    }

    /** Returns a copy with {@code numDecoderLayers}. */
    public TransformerOptions numDecoderLayers(int value) {
        return new TransformerOptions(
                dimFeedforward,
                dropout,
                activation,
                layerNormEps,
                batchFirst,
                normFirst,
                bias,
                numEncoderLayers,
                value);
    }

    /** Creates the attention of a layer. */
    MultiheadAttention attention(int dModel, int nhead) {
        return new MultiheadAttention(
                dModel,
                nhead,
                MultiheadAttention.options().dropout(dropout).bias(bias).batchFirst(batchFirst));
    }

    /** Creates a layer norm of a layer. */
    LayerNorm norm(int dModel) {
        return new LayerNorm(dModel, LayerNorm.options().eps(layerNormEps).bias(bias));
    }

    /** Computes what follows the first linear layer. */
    Tensor activate(Tensor x) {
        return activation == Activation.GELU ? x.gelu() : x.relu();
    }

    /** The activation after the first linear layer. */
    public enum Activation {
        /** The rectifier. */
        RELU,
        /** The exact GELU. */
        GELU
    }

    static final TransformerOptions DEFAULT =
            new TransformerOptions(2048, 0.1, Activation.RELU, 1e-5, false, false, true, 6, 6);
}
