package dev.cotangent.nn;

import dev.cotangent.PoolOptions;
import dev.cotangent.nn.internal.PythonText;

/** Holds the windows of a pooling module and writes them as PyTorch does. */
abstract class PoolModule extends Module {
    final long[] kernelSize;
    final PoolOptions options;

    PoolModule(long[] kernelSize, PoolOptions options) {
        this.kernelSize = kernelSize.clone();
        this.options = options;
    }

    /** Returns the stride, which is the size of the windows if none was given. */
    private long[] stride() {
        long[] stride = options.getStride();
        return stride.length == 0 ? kernelSize : stride;
    }

    /** Returns kernel size, stride and padding as they were given. */
    final String windows() {
        return windows(Sizes.given(kernelSize), Sizes.given(stride()), Sizes.given(options.getPadding()));
    }

    /** Returns kernel size, stride and padding as a tuple of one number for each dimension. */
    final String windows(int dims) {
        return windows(tuple(kernelSize, dims), tuple(stride(), dims), tuple(options.getPadding(), dims));
    }

    private static String windows(String kernelSize, String stride, String padding) {
        return "kernel_size=" + kernelSize + ", stride=" + stride + ", padding=" + padding;
    }

    private static String tuple(long[] sizes, int dims) {
        return Sizes.text(Sizes.each(sizes, dims));
    }

    /** Returns {@link #windows()} with the dilation and the ceil mode, which maxima have. */
    final String dilatedWindows() {
        return windows() + ", dilation=" + Sizes.given(options.getDilation()) + ", ceil_mode="
                + PythonText.of(options.isCeilMode());
    }
}
