package dev.cotangent.nn;

import dev.cotangent.PoolOptions;
import dev.cotangent.Tensor;
import dev.cotangent.ValuesIndices;

/** Takes maxima of as many windows of volumes as the output is to have elements; PyTorch's {@code nn.AdaptiveMaxPool3d}. */
public final class AdaptiveMaxPool3d extends Module {
    private final long[] outputSize;

    /** Creates one of an output of that size; {@link PoolOptions#KEEP} stands for the input's. */
    public AdaptiveMaxPool3d(long... outputSize) {
        this.outputSize = outputSize.clone();
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.adaptiveMaxPool3d(outputSize);
    }

    /** Returns the elements and their indices, PyTorch's {@code return_indices=True}. */
    public ValuesIndices runWithIndices(Tensor input) {
        return input.adaptiveMaxPool3dWithIndices(outputSize);
    }

    @Override
    protected String extraRepr() {
        return "output_size=" + Sizes.given(outputSize);
    }
}
