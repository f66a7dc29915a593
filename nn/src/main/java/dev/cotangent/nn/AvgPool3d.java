package dev.cotangent.nn;

import dev.cotangent.PoolOptions;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;

/** Takes the mean of each window of volumes; PyTorch's {@code nn.AvgPool3d}. */
public final class AvgPool3d extends PoolModule {
    /** Creates one of windows of that size, side by side. */
    public AvgPool3d(long... kernelSize) {
        this(kernelSize, Tensors.poolOptions());
    }

    /** Creates one of windows of one size in all dimensions, with options. */
    public AvgPool3d(long kernelSize, PoolOptions options) {
        this(new long[] {kernelSize}, options);
    }

    /** Creates one of windows of that size, with options. */
    public AvgPool3d(long[] kernelSize, PoolOptions options) {
        super(kernelSize, options);
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.avgPool3d(kernelSize, options);
    }

    @Override
    protected String extraRepr() {
        return windows();
    }
}
