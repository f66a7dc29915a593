package dev.cotangent.nn;

import dev.cotangent.PoolOptions;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValuesIndices;

/** Takes the largest element of each window of lines; PyTorch's {@code nn.MaxPool1d}. */
public final class MaxPool1d extends PoolModule {
    /** Creates one of windows of that size, side by side. */
    public MaxPool1d(long... kernelSize) {
        this(kernelSize, Tensors.poolOptions());
    }

    /** Creates one of windows of one size in all dimensions, with options. */
    public MaxPool1d(long kernelSize, PoolOptions options) {
        this(new long[] {kernelSize}, options);
    }

    /** Creates one of windows of that size, with options. */
    public MaxPool1d(long[] kernelSize, PoolOptions options) {
        super(kernelSize, options);
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.maxPool1d(kernelSize, options);
    }

    /** Returns the elements and their indices, PyTorch's {@code return_indices=True}. */
    public ValuesIndices runWithIndices(Tensor input) {
        return input.maxPool1dWithIndices(kernelSize, options);
    }

    @Override
    protected String extraRepr() {
        return dilatedWindows();
    }
}
