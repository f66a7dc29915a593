package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.engine.AutocastMode;
import dev.cotangent.internal.ops.nn.ConvolutionOps;
import dev.cotangent.internal.ops.nn.UnfoldOps;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions of images with learned kernels, and the blocks that kernels see. Strictly speaking these are
 * cross-correlations: the kernel is not mirrored.
 */
sealed interface ConvolutionMethods permits Tensor {
    /** Works as {@link #conv1d(Tensor, Tensor, ConvOptions)} without a bias, with a stride of 1, without padding. */
    default Tensor conv1d(Tensor weight) {
        return conv1d(weight, null, ConvOptions.DEFAULT);
    }

    /** Works as {@link #conv1d(Tensor, Tensor, ConvOptions)} with a stride of 1, without padding. */
    default Tensor conv1d(Tensor weight, @Nullable Tensor bias) {
        return conv1d(weight, bias, ConvOptions.DEFAULT);
    }

    /**
     * Convolves sequences; {@code torch.nn.functional.conv1d}. This tensor is [batch, channels, length], or without a batch
     * [channels, length]; the result has as many channels as there are filters, and of each dimension
     * {@code (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1} elements.
     *
     * @param weight [filters, channels / groups, kernel], of this tensor's dtype: any but bool
     * @param bias [filters], added to the results of each filter
     * @param options stride, padding, dilation and groups
     * @throws CotangentException PyTorch's, if shapes, dtypes or options do not fit
     */
    default Tensor conv1d(Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        Arguments.notNull("conv1d", "weight", weight);
        Arguments.notNull("conv1d", "options", options);
        return end(
                start("conv1d", this, weight, bias),
                ConvolutionOps.conv(
                        1,
                        AutocastMode.lower((Tensor) this),
                        AutocastMode.lower(weight),
                        AutocastMode.lower(bias),
                        options));
    }

    /** Works as {@link #conv2d(Tensor, Tensor, ConvOptions)} without a bias, with a stride of 1, without padding. */
    default Tensor conv2d(Tensor weight) {
        return conv2d(weight, null, ConvOptions.DEFAULT);
    }

    /** Works as {@link #conv2d(Tensor, Tensor, ConvOptions)} with a stride of 1, without padding. */
    default Tensor conv2d(Tensor weight, @Nullable Tensor bias) {
        return conv2d(weight, bias, ConvOptions.DEFAULT);
    }

    /**
     * Convolves images, [batch, channels, height, width] or without a batch; {@code torch.nn.functional.conv2d}. Sizes and
     * errors are as for {@link #conv1d(Tensor, Tensor, ConvOptions)}. With channels last in memory, here or in the weight, the
     * result has them last too.
     *
     * @param weight [filters, channels / groups, kernel height, kernel width]
     * @param bias [filters], added to the results of each filter
     * @param options stride, padding, dilation and groups
     */
    default Tensor conv2d(Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        Arguments.notNull("conv2d", "weight", weight);
        Arguments.notNull("conv2d", "options", options);
        return end(
                start("conv2d", this, weight, bias),
                ConvolutionOps.conv(
                        2,
                        AutocastMode.lower((Tensor) this),
                        AutocastMode.lower(weight),
                        AutocastMode.lower(bias),
                        options));
    }

    /** Works as {@link #conv3d(Tensor, Tensor, ConvOptions)} without a bias, with a stride of 1, without padding. */
    default Tensor conv3d(Tensor weight) {
        return conv3d(weight, null, ConvOptions.DEFAULT);
    }

    /** Works as {@link #conv3d(Tensor, Tensor, ConvOptions)} with a stride of 1, without padding. */
    default Tensor conv3d(Tensor weight, @Nullable Tensor bias) {
        return conv3d(weight, bias, ConvOptions.DEFAULT);
    }

    /**
     * Convolves volumes, [batch, channels, depth, height, width] or without a batch; {@code torch.nn.functional.conv3d}. Sizes
     * and errors are as for {@link #conv1d(Tensor, Tensor, ConvOptions)}.
     *
     * @param weight [filters, channels / groups, kernel depth, kernel height, kernel width]
     * @param bias [filters], added to the results of each filter
     * @param options stride, padding, dilation and groups
     */
    default Tensor conv3d(Tensor weight, @Nullable Tensor bias, ConvOptions options) {
        Arguments.notNull("conv3d", "weight", weight);
        Arguments.notNull("conv3d", "options", options);
        return end(
                start("conv3d", this, weight, bias),
                ConvolutionOps.conv(
                        3,
                        AutocastMode.lower((Tensor) this),
                        AutocastMode.lower(weight),
                        AutocastMode.lower(bias),
                        options));
    }

    /** Works as {@link #convTranspose1d(Tensor, Tensor, ConvTransposeOptions)} without a bias, with a stride of 1. */
    default Tensor convTranspose1d(Tensor weight) {
        return convTranspose1d(weight, null, ConvTransposeOptions.DEFAULT);
    }

    /** Works as {@link #convTranspose1d(Tensor, Tensor, ConvTransposeOptions)} with a stride of 1. */
    default Tensor convTranspose1d(Tensor weight, @Nullable Tensor bias) {
        return convTranspose1d(weight, bias, ConvTransposeOptions.DEFAULT);
    }

    /**
     * Computes the gradient of the input of a convolution whose result this tensor has the shape of, [batch, channels,
     * length] or without a batch; {@code torch.nn.functional.conv_transpose1d}. Of each dimension the result has
     * {@code (size - 1) * stride - 2 * padding + dilation * (kernel - 1) + outputPadding + 1} elements.
     *
     * @param weight [channels, filters / groups, kernel], of this tensor's dtype: any but bool
     * @param bias [filters], added to the results of each filter
     * @param options stride, padding, output padding, groups and dilation
     * @throws CotangentException PyTorch's, if shapes, dtypes or options do not fit
     */
    default Tensor convTranspose1d(Tensor weight, @Nullable Tensor bias, ConvTransposeOptions options) {
        Arguments.notNull("conv_transpose1d", "weight", weight);
        Arguments.notNull("conv_transpose1d", "options", options);
        return end(
                start("conv_transpose1d", this, weight, bias),
                ConvolutionOps.convTranspose(
                        1,
                        AutocastMode.lower((Tensor) this),
                        AutocastMode.lower(weight),
                        AutocastMode.lower(bias),
                        options));
    }

    /** Works as {@link #convTranspose2d(Tensor, Tensor, ConvTransposeOptions)} without a bias, with a stride of 1. */
    default Tensor convTranspose2d(Tensor weight) {
        return convTranspose2d(weight, null, ConvTransposeOptions.DEFAULT);
    }

    /** Works as {@link #convTranspose2d(Tensor, Tensor, ConvTransposeOptions)} with a stride of 1. */
    default Tensor convTranspose2d(Tensor weight, @Nullable Tensor bias) {
        return convTranspose2d(weight, bias, ConvTransposeOptions.DEFAULT);
    }

    /**
     * Works as {@link #convTranspose1d(Tensor, Tensor, ConvTransposeOptions)} of images; {@code
     * torch.nn.functional.conv_transpose2d}.
     *
     * @param weight [channels, filters / groups, kernel height, kernel width]
     * @param bias [filters], added to the results of each filter
     * @param options stride, padding, output padding, groups and dilation
     */
    default Tensor convTranspose2d(Tensor weight, @Nullable Tensor bias, ConvTransposeOptions options) {
        Arguments.notNull("conv_transpose2d", "weight", weight);
        Arguments.notNull("conv_transpose2d", "options", options);
        return end(
                start("conv_transpose2d", this, weight, bias),
                ConvolutionOps.convTranspose(
                        2,
                        AutocastMode.lower((Tensor) this),
                        AutocastMode.lower(weight),
                        AutocastMode.lower(bias),
                        options));
    }

    /** Works as {@link #convTranspose3d(Tensor, Tensor, ConvTransposeOptions)} without a bias, with a stride of 1. */
    default Tensor convTranspose3d(Tensor weight) {
        return convTranspose3d(weight, null, ConvTransposeOptions.DEFAULT);
    }

    /** Works as {@link #convTranspose3d(Tensor, Tensor, ConvTransposeOptions)} with a stride of 1. */
    default Tensor convTranspose3d(Tensor weight, @Nullable Tensor bias) {
        return convTranspose3d(weight, bias, ConvTransposeOptions.DEFAULT);
    }

    /**
     * Works as {@link #convTranspose1d(Tensor, Tensor, ConvTransposeOptions)} of volumes; {@code
     * torch.nn.functional.conv_transpose3d}.
     *
     * @param weight [channels, filters / groups, kernel depth, kernel height, kernel width]
     * @param bias [filters], added to the results of each filter
     * @param options stride, padding, output padding, groups and dilation
     */
    default Tensor convTranspose3d(Tensor weight, @Nullable Tensor bias, ConvTransposeOptions options) {
        Arguments.notNull("conv_transpose3d", "weight", weight);
        Arguments.notNull("conv_transpose3d", "options", options);
        return end(
                start("conv_transpose3d", this, weight, bias),
                ConvolutionOps.convTranspose(
                        3,
                        AutocastMode.lower((Tensor) this),
                        AutocastMode.lower(weight),
                        AutocastMode.lower(bias),
                        options));
    }

    /** Works as {@link #unfold(long[], UnfoldOptions)} with a stride of 1 and without padding. */
    default Tensor unfold(long[] kernelSize) {
        return unfold(kernelSize, UnfoldOptions.DEFAULT);
    }

    /**
     * Copies sliding blocks of images, each as a column; {@code torch.nn.functional.unfold} ({@code im2col}). Of
     * [batch, channels, height, width] the result is [batch, channels * kernel elements, blocks]; a batch may be missing in
     * both.
     *
     * @param kernelSize height and width of a block
     * @param options dilation, padding and stride
     * @throws CotangentException PyTorch's, if there is no block or the options do not fit
     */
    default Tensor unfold(long[] kernelSize, UnfoldOptions options) {
        Arguments.notNull("unfold", "kernel_size", kernelSize);
        Arguments.notNull("unfold", "options", options);
        return end(start("unfold", this), UnfoldOps.unfold((Tensor) this, kernelSize, options));
    }

    /** Works as {@link #fold(long[], long[], UnfoldOptions)} with a stride of 1 and without padding. */
    default Tensor fold(long[] outputSize, long[] kernelSize) {
        return fold(outputSize, kernelSize, UnfoldOptions.DEFAULT);
    }

    /**
     * Adds up columns where {@link #unfold(long[], UnfoldOptions)} has copied such from; {@code torch.nn.functional.fold}
     * ({@code col2im}). Of [batch, channels * kernel elements, blocks] the result is [batch, channels, height, width]; a batch
     * may be missing in both.
     *
     * @param outputSize height and width of the result
     * @param kernelSize height and width of a block
     * @param options dilation, padding and stride
     * @throws CotangentException PyTorch's, if the number of blocks is another
     */
    default Tensor fold(long[] outputSize, long[] kernelSize, UnfoldOptions options) {
        Arguments.notNull("fold", "output_size", outputSize);
        Arguments.notNull("fold", "kernel_size", kernelSize);
        Arguments.notNull("fold", "options", options);
        return end(start("fold", this), UnfoldOps.fold((Tensor) this, outputSize, kernelSize, options));
    }
}
