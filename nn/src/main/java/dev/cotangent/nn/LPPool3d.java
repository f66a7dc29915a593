package dev.cotangent.nn;

import dev.cotangent.PoolOptions;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.nn.internal.PythonText;

/** Takes the root of the sum of powers of each window of volumes; PyTorch's {@code nn.LPPool3d}. */
public final class LPPool3d extends Module {
    private final Number normType;
    private final long[] kernelSize;
    private final PoolOptions options;

    /** Creates one of that power and windows of that size, side by side. */
    public LPPool3d(Number normType, long... kernelSize) {
        this(normType, kernelSize, Tensors.poolOptions());
    }

    /** Creates one of that power and windows of that size; of the options the stride and the ceil mode count. */
    public LPPool3d(Number normType, long[] kernelSize, PoolOptions options) {
        this.normType = normType;
        this.kernelSize = kernelSize.clone();
        this.options = options;
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.lpPool3d(normType, kernelSize, options);
    }

    @Override
    protected String extraRepr() {
        long[] stride = options.getStride();
        return "norm_type=" + PythonText.of(normType) + ", kernel_size=" + WindowText.of(kernelSize) + ", stride="
                + (stride.length == 0 ? "None" : WindowText.of(stride)) + ", ceil_mode="
                + WindowText.of(options.isCeilMode());
    }
}
