package dev.cotangent.nn;

import dev.cotangent.FractionalPoolOptions;
import dev.cotangent.Tensor;
import dev.cotangent.ValuesIndices;

/** Takes the maxima of windows of volumes whose places are drawn at random; PyTorch's {@code nn.FractionalMaxPool3d}. */
public final class FractionalMaxPool3d extends Module {
    private final long[] kernelSize;
    private final FractionalPoolOptions options;

    /** Creates one of windows of that size; the options say how many there are. */
    public FractionalMaxPool3d(long[] kernelSize, FractionalPoolOptions options) {
        this.kernelSize = kernelSize.clone();
        this.options = FractionalMaxPool2d.checkOutput("FractionalMaxPool3d", options);
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.fractionalMaxPool3d(kernelSize, options);
    }

    /** Returns the elements and their indices, PyTorch's {@code return_indices=True}. */
    public ValuesIndices runWithIndices(Tensor input) {
        return input.fractionalMaxPool3dWithIndices(kernelSize, options);
    }
}
