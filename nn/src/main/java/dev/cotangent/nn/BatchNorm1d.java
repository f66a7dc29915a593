package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Normalises each channel over the batch; PyTorch's {@code nn.BatchNorm1d}. */
public final class BatchNorm1d extends ChannelNorm {
    /** Returns the options with PyTorch's defaults. */
    public static BatchNormOptions options() {
        return new BatchNormOptions(1e-5, 0.1, true, true, true);
    }

    /** Creates one of that number of channels. */
    public BatchNorm1d(int numFeatures) {
        this(numFeatures, options());
    }

    /** Creates one of that number of channels, with options. */
    public BatchNorm1d(int numFeatures, BatchNormOptions options) {
        super(numFeatures, options);
    }

    @Override
    public Tensor forward(Tensor input) {
        checkDims(input, 2, 3);
        return normalizedBatch(input);
    }
}
