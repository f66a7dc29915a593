package dev.cotangent.nn;

import dev.cotangent.PoolOptions;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;

/** Takes the root of the sum of powers of each window of lines; PyTorch's {@code nn.LPPool1d}. */
public final class LPPool1d extends LPPoolModule {
    /** Creates one of that power and windows of that size, side by side. */
    public LPPool1d(Number normType, long... kernelSize) {
        this(normType, kernelSize, Tensors.poolOptions());
    }

    /** Creates one of that power and windows of that size; of the options the stride and the ceil mode count. */
    public LPPool1d(Number normType, long[] kernelSize, PoolOptions options) {
        super(normType, kernelSize, options);
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.lpPool1d(normType, kernelSize, options);
    }
}
