package dev.cotangent.nn;

import dev.cotangent.PoolOptions;
import dev.cotangent.nn.internal.PythonText;

/** Holds the power of {@code LPPool} modules in addition to their windows. */
abstract class LPPoolModule extends PoolModule {
    final Number normType;

    LPPoolModule(Number normType, long[] kernelSize, PoolOptions options) {
        super(kernelSize, options);
        this.normType = normType;
    }

    @Override
    protected final String extraRepr() {
        long[] stride = options.getStride();
        return "norm_type=" + PythonText.of(normType) + ", kernel_size=" + Sizes.given(kernelSize) + ", stride="
                + (stride.length == 0 ? "None" : Sizes.given(stride)) + ", ceil_mode="
                + PythonText.of(options.isCeilMode());
    }
}
