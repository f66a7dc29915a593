package dev.cotangent.nn;

import dev.cotangent.PoolOptions;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;

/** Puts elements back where {@link MaxPool2d} took them from, with zeros elsewhere; PyTorch's {@code nn.MaxUnpool2d}. */
public final class MaxUnpool2d extends PoolModule {
    /** Creates one of windows of that size, side by side. */
    public MaxUnpool2d(long... kernelSize) {
        this(kernelSize, Tensors.poolOptions());
    }

    /** Creates one of windows of that size, with a stride and a padding. */
    public MaxUnpool2d(long[] kernelSize, PoolOptions options) {
        super(kernelSize, options);
    }

    /** Returns elements at their places. */
    @Override
    public Tensor forward(Tensor input, Tensor indices) {
        return input.maxUnpool2d(indices, kernelSize, options);
    }

    /** Returns elements at their places, in an output of these sizes. */
    public Tensor run(Tensor input, Tensor indices, long... outputSize) {
        return input.maxUnpool2d(indices, kernelSize, options, outputSize);
    }

    @Override
    protected String extraRepr() {
        return windows(2);
    }
}
