package dev.cotangent.nn;

import dev.cotangent.FractionalPoolOptions;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.ValuesIndices;

/** Takes the maxima of windows of images whose places are drawn at random; PyTorch's {@code nn.FractionalMaxPool2d}. */
public final class FractionalMaxPool2d extends Module {
    private final long[] kernelSize;
    private final FractionalPoolOptions options;

    /** Creates one of windows of that size; the options say how many there are. */
    public FractionalMaxPool2d(long[] kernelSize, FractionalPoolOptions options) {
        this.kernelSize = kernelSize.clone();
        this.options = checkOutput("FractionalMaxPool2d", options);
    }

    /** Throws PyTorch's error of a module unless the options have either a size or a ratio. */
    static FractionalPoolOptions checkOutput(String module, FractionalPoolOptions options) {
        boolean hasSize = options.getOutputSize().length > 0;
        boolean hasRatio = options.getOutputRatio().length > 0;
        if (!hasSize && !hasRatio) {
            throw new ValueException(module + " requires specifying either an output size, or a pooling ratio");
        }
        if (hasSize && hasRatio) {
            throw new ValueException("only one of output_size and output_ratio may be specified");
        }
        return options;
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.fractionalMaxPool2d(kernelSize, options);
    }

    /** Returns the elements and their indices, PyTorch's {@code return_indices=True}. */
    public ValuesIndices runWithIndices(Tensor input) {
        return input.fractionalMaxPool2dWithIndices(kernelSize, options);
    }
}
