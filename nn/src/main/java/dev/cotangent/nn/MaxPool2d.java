package dev.cotangent.nn;

import dev.cotangent.PoolOptions;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValuesIndices;

/** Takes the largest element of each window of images; PyTorch's {@code nn.MaxPool2d}. */
public final class MaxPool2d extends PoolModule {
    /** Creates one of windows of that size, side by side. */
    public MaxPool2d(long... kernelSize) {
        this(kernelSize, Tensors.poolOptions());
    }

    /** Creates one of windows of one size in all dimensions, with options. */
    public MaxPool2d(long kernelSize, PoolOptions options) {
        this(new long[] {kernelSize}, options);
    }

    /** Creates one of windows of that size, with options. */
    public MaxPool2d(long[] kernelSize, PoolOptions options) {
        super(kernelSize, options);
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.maxPool2d(kernelSize, options);
    }

    /** Returns the elements and their indices, PyTorch's {@code return_indices=True}. */
    public ValuesIndices runWithIndices(Tensor input) {
        return input.maxPool2dWithIndices(kernelSize, options);
    }

    @Override
    protected String extraRepr() {
        return dilatedWindows();
    }
}
