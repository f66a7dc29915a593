package dev.cotangent.nn;

import dev.cotangent.ConvTransposeOptions;
import dev.cotangent.Tensor;
import org.jspecify.annotations.Nullable;

/** Convolves images, [batch, channels, height, width] or without a batch, transposed; PyTorch's {@code nn.ConvTranspose2d}. */
public final class ConvTranspose2d extends ConvTransposeModule {
    /** Returns the options with PyTorch's defaults: stride 1, no padding, one group, a bias. */
    public static ConvTransposeLayerOptions options() {
        return ConvTransposeLayerOptions.DEFAULT;
    }

    /** Creates one whose kernel has the same size in all dimensions. */
    public ConvTranspose2d(int inChannels, int outChannels, int kernelSize) {
        this(inChannels, outChannels, kernelSize, options());
    }

    /** Creates one whose kernel has the same size in all dimensions, with options. */
    public ConvTranspose2d(int inChannels, int outChannels, int kernelSize, ConvTransposeLayerOptions options) {
        this(inChannels, outChannels, new long[] {kernelSize}, options);
    }

    /** Creates one with options; the kernel has one size for all dimensions, or one for each. */
    public ConvTranspose2d(int inChannels, int outChannels, long[] kernelSize, ConvTransposeLayerOptions options) {
        super("ConvTranspose2d", 2, inChannels, outChannels, kernelSize, options);
    }

    @Override
    Tensor convolve(Tensor input, Tensor weight, @Nullable Tensor bias, ConvTransposeOptions options) {
        return input.convTranspose2d(weight, bias, options);
    }
}
