package dev.cotangent.nn;

import dev.cotangent.ConvOptions;
import dev.cotangent.ConvPadding;
import dev.cotangent.PadMode;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Arguments;

/**
 * Options of modules that convolve, immutable: each method returns a copy. One number stands for all dimensions.
 *
 * @param conv stride, padding, dilation and groups
 * @param bias whether filters have a bias
 * @param paddingMode what images are padded with, {@link PadMode#CONSTANT} for PyTorch's {@code "zeros"}
 */
public record ConvLayerOptions(ConvOptions conv, boolean bias, PadMode paddingMode) {
    static final ConvLayerOptions DEFAULT = new ConvLayerOptions(Tensors.convOptions(), true, PadMode.CONSTANT);

    /** Returns a copy with {@code stride}. */
    public ConvLayerOptions stride(long... values) {
        return with(conv.stride(values));
    }

    /** Returns a copy with {@code padding}. */
    public ConvLayerOptions padding(long... values) {
        return with(conv.padding(values));
    }

    /** Returns a copy with {@code padding} as a mode. */
    public ConvLayerOptions padding(ConvPadding mode) {
        return with(conv.padding(mode));
    }

    /** Returns a copy with {@code padding} as a text, {@code "valid"} or {@code "same"}; throws PyTorch's error of another. */
    public ConvLayerOptions padding(String mode) {
        if (!Arguments.notNull("ConvLayerOptions", "padding", mode).equals("same") && !mode.equals("valid")) {
            throw new ValueException("Invalid padding string '" + mode + "', should be one of {'same', 'valid'}");
        }
        return with(conv.padding(mode));
    }

    /** Returns a copy with {@code dilation}. */
    public ConvLayerOptions dilation(long... values) {
        return with(conv.dilation(values));
    }

    /** Returns a copy with {@code groups}. */
    public ConvLayerOptions groups(long value) {
        return with(conv.groups(value));
    }

    /** Returns a copy with {@code bias}. */
    public ConvLayerOptions bias(boolean value) {
        return new ConvLayerOptions(conv, value, paddingMode);
    }

    /** Returns a copy with {@code padding_mode}. */
    public ConvLayerOptions paddingMode(PadMode value) {
        return new ConvLayerOptions(conv, bias, Arguments.notNull("ConvLayerOptions", "padding_mode", value));
    }

    /** Returns a copy with {@code padding_mode} as PyTorch's text; throws its error of one that there is not. */
    public ConvLayerOptions paddingMode(String text) {
        return paddingMode(
                switch (Arguments.notNull("ConvLayerOptions", "padding_mode", text)) {
                    case "zeros" -> PadMode.CONSTANT;
                    case "reflect", "replicate", "circular" -> PadMode.of(text);
                    default ->
                        throw new ValueException("padding_mode must be one of {'zeros', 'reflect', 'replicate',"
                                + " 'circular'}, but got padding_mode='" + text + "'");
                });
    }

    private ConvLayerOptions with(ConvOptions value) {
        return new ConvLayerOptions(value, bias, paddingMode);
    }
}
