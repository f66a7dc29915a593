package dev.cotangent.nn;

import dev.cotangent.PoolOptions;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;

/** Puts elements back where {@link MaxPool3d} took them from, with zeros elsewhere; PyTorch's {@code nn.MaxUnpool3d}. */
public final class MaxUnpool3d extends Module {
    private final long[] kernelSize;
    private final PoolOptions options;

    /** Creates one of windows of that size, side by side. */
    public MaxUnpool3d(long... kernelSize) {
        this(kernelSize, Tensors.poolOptions());
    }

    /** Creates one of windows of that size, with a stride and a padding. */
    public MaxUnpool3d(long[] kernelSize, PoolOptions options) {
        this.kernelSize = kernelSize.clone();
        this.options = options;
    }

    /** Returns elements at their places. */
    @Override
    public Tensor forward(Tensor input, Tensor indices) {
        return input.maxUnpool3d(indices, kernelSize, options);
    }

    /** Returns elements at their places, in an output of these sizes. */
    public Tensor run(Tensor input, Tensor indices, long... outputSize) {
        return input.maxUnpool3d(indices, kernelSize, options, outputSize);
    }

    @Override
    protected String extraRepr() {
        return "kernel_size=" + WindowText.each(kernelSize, 3) + ", stride="
                + WindowText.each(WindowText.stride(kernelSize, options), 3) + ", padding="
                + WindowText.each(options.getPadding(), 3);
    }
}
