package dev.cotangent;

import dev.cotangent.internal.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * Positions of the windows of a pooling operation. Immutable; each method returns changed options: {@code
 * x.maxPool2d(3, poolOptions().stride(2).padding(1))}. One number stands for all dimensions.
 */
public final class PoolOptions {
    /** The input's own size among the output sizes of adaptive pools; PyTorch's {@code None}. */
    public static final long KEEP = Long.MIN_VALUE;

    static final PoolOptions DEFAULT = new PoolOptions(new long[0], new long[] {0}, new long[] {1}, false, true, null);

    private final long[] stride;
    private final long[] padding;
    private final long[] dilation;
    private final boolean ceilMode;
    private final boolean countIncludePad;
    private final @Nullable Long divisorOverride;

    private PoolOptions(
            long[] stride,
            long[] padding,
            long[] dilation,
            boolean ceilMode,
            boolean countIncludePad,
            @Nullable Long divisorOverride) {
        this.stride = stride;
        this.padding = padding;
        this.dilation = dilation;
        this.ceilMode = ceilMode;
        this.countIncludePad = countIncludePad;
        this.divisorOverride = divisorOverride;
    }

    /** Sets the stride of the window, by default its size. PyTorch's {@code stride}. */
    public PoolOptions stride(long... value) {
        Arguments.notNull("PoolOptions", "stride", value);
        return new PoolOptions(value.clone(), padding, dilation, ceilMode, countIncludePad, divisorOverride);
    }

    /** Sets the implicit padding at both borders of each dimension. PyTorch's {@code padding}. */
    public PoolOptions padding(long... value) {
        Arguments.notNull("PoolOptions", "padding", value);
        return new PoolOptions(stride, value.clone(), dilation, ceilMode, countIncludePad, divisorOverride);
    }

    /** Sets the stride between the elements of a window of a maximum. PyTorch's {@code dilation}. */
    public PoolOptions dilation(long... value) {
        Arguments.notNull("PoolOptions", "dilation", value);
        return new PoolOptions(stride, padding, value.clone(), ceilMode, countIncludePad, divisorOverride);
    }

    /**
     * Sets whether the output size is rounded up, so that a last window may reach beyond the border. PyTorch's
     * {@code ceil_mode}.
     */
    public PoolOptions ceilMode(boolean value) {
        return new PoolOptions(stride, padding, dilation, value, countIncludePad, divisorOverride);
    }

    /** Sets whether padding counts in a mean. PyTorch's {@code count_include_pad}. */
    public PoolOptions countIncludePad(boolean value) {
        return new PoolOptions(stride, padding, dilation, ceilMode, value, divisorOverride);
    }

    /** Sets the divisor of sums, by default the size of the window. PyTorch's {@code divisor_override}. */
    public PoolOptions divisorOverride(long value) {
        return new PoolOptions(stride, padding, dilation, ceilMode, countIncludePad, value);
    }

    /** Returns the stride; without elements where it is the windows' size. */
    public long[] getStride() {
        return stride.clone();
    }

    /** Returns the padding. */
    public long[] getPadding() {
        return padding.clone();
    }

    /** Returns the dilation. */
    public long[] getDilation() {
        return dilation.clone();
    }

    /** Returns whether a last window may reach beyond the border. */
    public boolean isCeilMode() {
        return ceilMode;
    }

    /** Returns whether padding counts in a mean. */
    public boolean isCountIncludePad() {
        return countIncludePad;
    }

    /** Returns what sums are divided by; null for the windows' size. */
    public @Nullable Long getDivisorOverride() {
        return divisorOverride;
    }
}
