package dev.cotangent;

import dev.cotangent.internal.Arguments;
import java.util.List;

/**
 * Options of a transposed convolution. Immutable; each method returns changed options: {@code
 * x.convTranspose2d(weight, bias, convTransposeOptions().stride(2))}. One number stands for all dimensions.
 *
 * @param stride how far the kernel moves in the output from one input element to the next
 * @param padding how many elements are cut off before and after each dimension of the output
 * @param outputPadding how many elements the output is longer at the end of each dimension
 * @param groups the number of groups of channels, which are convolved separately
 * @param dilation the stride between elements of the kernel
 */
public record ConvTransposeOptions(
        List<Long> stride, List<Long> padding, List<Long> outputPadding, long groups, List<Long> dilation) {
    static final ConvTransposeOptions DEFAULT =
            new ConvTransposeOptions(List.of(1L), List.of(0L), List.of(0L), 1, List.of(1L));

    /** Creates options of these values, which are copied. */
    public ConvTransposeOptions {
        stride = List.copyOf(Arguments.notNull("ConvTransposeOptions", "stride", stride));
        padding = List.copyOf(Arguments.notNull("ConvTransposeOptions", "padding", padding));
        outputPadding = List.copyOf(Arguments.notNull("ConvTransposeOptions", "output_padding", outputPadding));
        dilation = List.copyOf(Arguments.notNull("ConvTransposeOptions", "dilation", dilation));
    }

    /** Sets PyTorch's {@code stride}: one number, or one for each dimension. */
    public ConvTransposeOptions stride(long... values) {
        return new ConvTransposeOptions(ConvOptions.list("stride", values), padding, outputPadding, groups, dilation);
    }

    /** Sets PyTorch's {@code padding}: one number, or one for each dimension. */
    public ConvTransposeOptions padding(long... values) {
        return new ConvTransposeOptions(stride, ConvOptions.list("padding", values), outputPadding, groups, dilation);
    }

    /**
     * Sets PyTorch's {@code output_padding}: one number, or one for each dimension; less than the stride or the
     * dilation.
     */
    public ConvTransposeOptions outputPadding(long... values) {
        return new ConvTransposeOptions(stride, padding, ConvOptions.list("output_padding", values), groups, dilation);
    }

    /** Sets PyTorch's {@code groups}. */
    public ConvTransposeOptions groups(long value) {
        return new ConvTransposeOptions(stride, padding, outputPadding, value, dilation);
    }

    /** Sets PyTorch's {@code dilation}: one number, or one for each dimension. */
    public ConvTransposeOptions dilation(long... values) {
        return new ConvTransposeOptions(stride, padding, outputPadding, groups, ConvOptions.list("dilation", values));
    }
}
