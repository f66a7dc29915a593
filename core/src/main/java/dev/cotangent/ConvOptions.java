package dev.cotangent;

import dev.cotangent.internal.Arguments;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Options of a convolution. Immutable; each method returns changed options: {@code
 * images.conv2d(weight, bias, convOptions().stride(2).padding(1))}. One number stands for all dimensions.
 *
 * @param stride how far the kernel moves from one output element to the next
 * @param padding how many zeros are put before and after each dimension
 * @param paddingMode what determines the padding instead; null where the numbers do
 * @param dilation the stride between elements of the kernel
 * @param groups the number of groups of channels, which are convolved separately
 */
public record ConvOptions(
        List<Long> stride, List<Long> padding, @Nullable ConvPadding paddingMode, List<Long> dilation, long groups) {
    static final ConvOptions DEFAULT = new ConvOptions(List.of(1L), List.of(0L), null, List.of(1L), 1);

    /** Creates options of these values, which are copied. */
    public ConvOptions {
        stride = List.copyOf(Arguments.notNull("ConvOptions", "stride", stride));
        padding = List.copyOf(Arguments.notNull("ConvOptions", "padding", padding));
        dilation = List.copyOf(Arguments.notNull("ConvOptions", "dilation", dilation));
    }

    /** Sets PyTorch's {@code stride}: one number, or one for each dimension. */
    public ConvOptions stride(long... values) {
        return new ConvOptions(list("stride", values), padding, paddingMode, dilation, groups);
    }

    /** Sets PyTorch's {@code padding}: one number, or one for each dimension. */
    public ConvOptions padding(long... values) {
        return new ConvOptions(stride, list("padding", values), null, dilation, groups);
    }

    /** Sets PyTorch's {@code padding} as a mode. */
    public ConvOptions padding(ConvPadding mode) {
        Arguments.notNull("ConvOptions", "padding", mode);
        return new ConvOptions(stride, List.of(0L), mode, dilation, groups);
    }

    /** Sets PyTorch's {@code padding} as a text, {@code "valid"} or {@code "same"}; throws its error of another one. */
    public ConvOptions padding(String mode) {
        return padding(ConvPadding.of(mode));
    }

    /** Sets PyTorch's {@code dilation}: one number, or one for each dimension. */
    public ConvOptions dilation(long... values) {
        return new ConvOptions(stride, padding, paddingMode, list("dilation", values), groups);
    }

    /** Sets PyTorch's {@code groups}. */
    public ConvOptions groups(long value) {
        return new ConvOptions(stride, padding, paddingMode, dilation, value);
    }

    static List<Long> list(String option, long[] values) {
        return Arrays.stream(Arguments.notNull("options", option, values))
                .boxed()
                .toList();
    }
}
