package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Normalises each channel over the batch; PyTorch's {@code nn.BatchNorm3d}. */
public final class BatchNorm3d extends ChannelNorm {
    /** Returns the options with PyTorch's defaults. */
    public static BatchNormOptions options() {
        return new BatchNormOptions(1e-5, 0.1, true, true, true);
    }

    /** Creates one of that number of channels. */
    public BatchNorm3d(int numFeatures) {
        this(numFeatures, options());
    }

    /** Creates one of that number of channels, with options. */
    public BatchNorm3d(int numFeatures, BatchNormOptions options) {
        super(numFeatures, options);
    }

    @Override
    public Tensor forward(Tensor input) {
        checkDims(input, 5, 5);
        return normalizedBatch(input);
    }
}
