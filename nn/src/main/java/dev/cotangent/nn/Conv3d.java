package dev.cotangent.nn;

import dev.cotangent.ConvOptions;
import dev.cotangent.Tensor;
import org.jspecify.annotations.Nullable;

/** Convolves volumes, [batch, channels, depth, height, width] or without a batch; PyTorch's {@code nn.Conv3d}. */
public final class Conv3d extends ConvModule {
    /** Returns the options with PyTorch's defaults: stride 1, no padding, one group, a bias. */
    public static ConvLayerOptions options() {
        return ConvLayerOptions.DEFAULT;
    }

    /** Creates one whose kernel has the same size in all dimensions. */
    public Conv3d(int inChannels, int outChannels, int kernelSize) {
        this(inChannels, outChannels, kernelSize, options());
    }

    /** Creates one whose kernel has the same size in all dimensions, with options. */
    public Conv3d(int inChannels, int outChannels, int kernelSize, ConvLayerOptions options) {
        this(inChannels, outChannels, new long[] {kernelSize}, options);
    }

    /** Creates one with options; the kernel has one size for all dimensions, or one for each. */
    public Conv3d(int inChannels, int outChannels, long[] kernelSize, ConvLayerOptions options) {
        super("Conv3d", 3, inChannels, outChannels, kernelSize, options);
    }

    @Override
    Tensor convolve(Tensor input, Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        return input.conv3d(weight, bias, options);
    }
}
