package dev.cotangent;

import dev.cotangent.internal.Arguments;
import java.util.List;

/**
 * Positions of the blocks of {@link ConvolutionMethods#unfold(long[], UnfoldOptions)} and
 * {@link ConvolutionMethods#fold}. Immutable; each method returns changed options: {@code x.unfold(new long[] {3, 3},
 * unfoldOptions().padding(1))}. One number stands for both dimensions.
 *
 * @param dilation the stride between elements of a block
 * @param padding how many zeros are put before and after each dimension
 * @param stride how far one block is from the next
 */
public record UnfoldOptions(List<Long> dilation, List<Long> padding, List<Long> stride) {
    static final UnfoldOptions DEFAULT = new UnfoldOptions(List.of(1L), List.of(0L), List.of(1L));

    /** Creates options of these values, which are copied. */
    public UnfoldOptions {
        dilation = List.copyOf(Arguments.notNull("UnfoldOptions", "dilation", dilation));
        padding = List.copyOf(Arguments.notNull("UnfoldOptions", "padding", padding));
        stride = List.copyOf(Arguments.notNull("UnfoldOptions", "stride", stride));
    }

    /** Sets PyTorch's {@code dilation}: one number, or one for each dimension. */
    public UnfoldOptions dilation(long... values) {
        return new UnfoldOptions(ConvOptions.list("dilation", values), padding, stride);
    }

    /** Sets PyTorch's {@code padding}: one number, or one for each dimension. */
    public UnfoldOptions padding(long... values) {
        return new UnfoldOptions(dilation, ConvOptions.list("padding", values), stride);
    }

    /** Sets PyTorch's {@code stride}: one number, or one for each dimension. */
    public UnfoldOptions stride(long... values) {
        return new UnfoldOptions(dilation, padding, ConvOptions.list("stride", values));
    }
}
