package dev.cotangent.nn;

import dev.cotangent.ConvTransposeOptions;
import dev.cotangent.Tensors;

/**
 * Options of modules that convolve transposed, immutable: each method returns a copy. One number stands for all dimensions.
 *
 * @param conv stride, padding, output padding, groups and dilation
 * @param bias whether filters have a bias
 */
public record ConvTransposeLayerOptions(ConvTransposeOptions conv, boolean bias) {
    static final ConvTransposeLayerOptions DEFAULT =
            new ConvTransposeLayerOptions(Tensors.convTransposeOptions(), true);

    /** Returns a copy with {@code stride}. */
    public ConvTransposeLayerOptions stride(long... values) {
        return new ConvTransposeLayerOptions(conv.stride(values), bias);
    }

    /** Returns a copy with {@code padding}. */
    public ConvTransposeLayerOptions padding(long... values) {
        return new ConvTransposeLayerOptions(conv.padding(values), bias);
    }

    /** Returns a copy with {@code output_padding}. */
    public ConvTransposeLayerOptions outputPadding(long... values) {
        return new ConvTransposeLayerOptions(conv.outputPadding(values), bias);
    }

    /** Returns a copy with {@code groups}. */
    public ConvTransposeLayerOptions groups(long value) {
        return new ConvTransposeLayerOptions(conv.groups(value), bias);
    }

    /** Returns a copy with {@code dilation}. */
    public ConvTransposeLayerOptions dilation(long... values) {
        return new ConvTransposeLayerOptions(conv.dilation(values), bias);
    }

    /** Returns a copy with {@code bias}. */
    public ConvTransposeLayerOptions bias(boolean value) {
        return new ConvTransposeLayerOptions(conv, value);
    }
}
