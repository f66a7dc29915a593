package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.ValueException;

/** Normalises each channel of each sample; PyTorch's {@code nn.InstanceNorm2d}. */
public final class InstanceNorm2d extends ChannelNorm {
    /** Returns the options with PyTorch's defaults. */
    public static BatchNormOptions options() {
        return new BatchNormOptions(1e-5, 0.1, false, false, true);
    }

    /** Creates one of that number of channels. */
    public InstanceNorm2d(int numFeatures) {
        this(numFeatures, options());
    }

    /** Creates one of that number of channels, with options. */
    public InstanceNorm2d(int numFeatures, BatchNormOptions options) {
        super(numFeatures, options);
    }

    /** Computes a batch, or one sample without the first dimension. */
    @Override
    public Tensor forward(Tensor input) {
        checkDims(input, 3, 4);
        int channels = input.dim() - 3;
        if (given().affine() && input.size(channels) != numFeatures()) {
            throw new ValueException("expected input's size at dim=" + channels + " to match num_features ("
                    + numFeatures() + "), but got: " + input.size(channels) + ".");
        }
        boolean one = input.dim() == 3;
        Double momentum = given().momentum();
        Tensor out = (one ? input.unsqueeze(0) : input)
                .instanceNorm(
                        runningMean(),
                        runningVar(),
                        weight(),
                        bias(),
                        isTraining() || !given().trackRunningStats(),
                        momentum == null ? 0 : momentum,
                        given().eps());
        return one ? out.squeeze(0) : out;
    }
}
