package dev.cotangent.nn;

import dev.cotangent.PoolOptions;
import dev.cotangent.Tensor;

/** Takes means of as many windows of lines as the output is to have elements; PyTorch's {@code nn.AdaptiveAvgPool1d}. */
public final class AdaptiveAvgPool1d extends Module {
    private final long[] outputSize;

    /** Creates one of an output of that size; {@link PoolOptions#KEEP} stands for the input's. */
    public AdaptiveAvgPool1d(long... outputSize) {
        this.outputSize = outputSize.clone();
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.adaptiveAvgPool1d(outputSize);
    }

    @Override
    protected String extraRepr() {
        return "output_size=" + Sizes.given(outputSize);
    }
}
