package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.nn.FractionalPoolOps;
import dev.cotangent.internal.ops.nn.PoolOps;
import dev.cotangent.internal.ops.nn.UnpoolOps;

/**
 * Pooling of the last one, two or three dimensions by windows; in front of them are channels, and perhaps a batch: [C, ..] or
 * [N, C, ..]. Sizes are given for each of these dimensions, or one for all of them.
 */
sealed interface PoolingMethods permits Tensor {
    /**
     * Returns the largest element of each window, the stride being the window's size;
     * {@code torch.nn.functional.max_pool1d}.
     */
    default Tensor maxPool1d(long... kernelSize) {
        return maxPool1d(kernelSize, PoolOptions.DEFAULT);
    }

    /** Works as {@link #maxPool1d(long[], PoolOptions)} of windows of one size in all dimensions. */
    default Tensor maxPool1d(long kernelSize, PoolOptions options) {
        return maxPool1d(new long[] {kernelSize}, options);
    }

    /**
     * Returns the largest element of each window, NaN if it has one; {@code torch.nn.functional.max_pool1d}. Of any dtype but
     * bool.
     *
     * @throws CotangentException PyTorch's, if this is not [N, C, L] or without N, or if no window fits
     */
    default Tensor maxPool1d(long[] kernelSize, PoolOptions options) {
        Arguments.notNull("max_pool1d", "kernel_size", kernelSize);
        Arguments.notNull("max_pool1d", "options", options);
        return end(start("max_pool1d", this), PoolOps.max((Tensor) this, 1, kernelSize, options));
    }

    /** Works as {@link #maxPool1dWithIndices(long[], PoolOptions)} of windows of one size in all dimensions. */
    default ValuesIndices maxPool1dWithIndices(long kernelSize, PoolOptions options) {
        return maxPool1dWithIndices(new long[] {kernelSize}, options);
    }

    /**
     * Works as {@link #maxPool1d(long[], PoolOptions)} and returns the row-major index of each maximum in its plane,
     * too, which {@link PoolingMethods#maxUnpool1d} takes; {@code torch.nn.functional.max_pool1d_with_indices}.
     */
    default ValuesIndices maxPool1dWithIndices(long[] kernelSize, PoolOptions options) {
        Arguments.notNull("max_pool1d_with_indices", "kernel_size", kernelSize);
        Arguments.notNull("max_pool1d_with_indices", "options", options);
        return end(
                start("max_pool1d_with_indices", this), PoolOps.maxWithIndices((Tensor) this, 1, kernelSize, options));
    }

    /**
     * Returns the largest element of each window, the stride being the window's size;
     * {@code torch.nn.functional.max_pool2d}.
     */
    default Tensor maxPool2d(long... kernelSize) {
        return maxPool2d(kernelSize, PoolOptions.DEFAULT);
    }

    /** Works as {@link #maxPool2d(long[], PoolOptions)} of windows of one size in all dimensions. */
    default Tensor maxPool2d(long kernelSize, PoolOptions options) {
        return maxPool2d(new long[] {kernelSize}, options);
    }

    /**
     * Returns the largest element of each window, NaN if it has one; {@code torch.nn.functional.max_pool2d}. Of any dtype but
     * bool.
     *
     * @throws CotangentException PyTorch's, if this is not [N, C, H, W] or without N, or if no window fits
     */
    default Tensor maxPool2d(long[] kernelSize, PoolOptions options) {
        Arguments.notNull("max_pool2d", "kernel_size", kernelSize);
        Arguments.notNull("max_pool2d", "options", options);
        return end(start("max_pool2d", this), PoolOps.max((Tensor) this, 2, kernelSize, options));
    }

    /** Works as {@link #maxPool2dWithIndices(long[], PoolOptions)} of windows of one size in all dimensions. */
    default ValuesIndices maxPool2dWithIndices(long kernelSize, PoolOptions options) {
        return maxPool2dWithIndices(new long[] {kernelSize}, options);
    }

    /**
     * Works as {@link #maxPool2d(long[], PoolOptions)} and returns the row-major index of each maximum in its plane,
     * too, which {@link PoolingMethods#maxUnpool2d} takes; {@code torch.nn.functional.max_pool2d_with_indices}.
     */
    default ValuesIndices maxPool2dWithIndices(long[] kernelSize, PoolOptions options) {
        Arguments.notNull("max_pool2d_with_indices", "kernel_size", kernelSize);
        Arguments.notNull("max_pool2d_with_indices", "options", options);
        return end(
                start("max_pool2d_with_indices", this), PoolOps.maxWithIndices((Tensor) this, 2, kernelSize, options));
    }

    /**
     * Returns the largest element of each window, the stride being the window's size;
     * {@code torch.nn.functional.max_pool3d}.
     */
    default Tensor maxPool3d(long... kernelSize) {
        return maxPool3d(kernelSize, PoolOptions.DEFAULT);
    }

    /** Works as {@link #maxPool3d(long[], PoolOptions)} of windows of one size in all dimensions. */
    default Tensor maxPool3d(long kernelSize, PoolOptions options) {
        return maxPool3d(new long[] {kernelSize}, options);
    }

    /**
     * Returns the largest element of each window, NaN if it has one; {@code torch.nn.functional.max_pool3d}. Of any dtype but
     * bool.
     *
     * @throws CotangentException PyTorch's, if this is not [N, C, D, H, W] or without N, or if no window fits
     */
    default Tensor maxPool3d(long[] kernelSize, PoolOptions options) {
        Arguments.notNull("max_pool3d", "kernel_size", kernelSize);
        Arguments.notNull("max_pool3d", "options", options);
        return end(start("max_pool3d", this), PoolOps.max((Tensor) this, 3, kernelSize, options));
    }

    /** Works as {@link #maxPool3dWithIndices(long[], PoolOptions)} of windows of one size in all dimensions. */
    default ValuesIndices maxPool3dWithIndices(long kernelSize, PoolOptions options) {
        return maxPool3dWithIndices(new long[] {kernelSize}, options);
    }

    /**
     * Works as {@link #maxPool3d(long[], PoolOptions)} and returns the row-major index of each maximum in its plane,
     * too, which {@link PoolingMethods#maxUnpool3d} takes; {@code torch.nn.functional.max_pool3d_with_indices}.
     */
    default ValuesIndices maxPool3dWithIndices(long[] kernelSize, PoolOptions options) {
        Arguments.notNull("max_pool3d_with_indices", "kernel_size", kernelSize);
        Arguments.notNull("max_pool3d_with_indices", "options", options);
        return end(
                start("max_pool3d_with_indices", this), PoolOps.maxWithIndices((Tensor) this, 3, kernelSize, options));
    }

    /**
     * Returns the gradient of {@link #maxPool2dWithIndices(long[], PoolOptions)} of a tensor, this being that of the values;
     * {@code torch.ops.aten.max_pool2d_with_indices_backward}.
     *
     * @param self the tensor that was pooled
     * @param indices of the maxima, int64
     */
    default Tensor maxPool2dWithIndicesBackward(Tensor self, long[] kernelSize, PoolOptions options, Tensor indices) {
        Arguments.notNull("max_pool2d_with_indices_backward", "self", self);
        Arguments.notNull("max_pool2d_with_indices_backward", "kernel_size", kernelSize);
        Arguments.notNull("max_pool2d_with_indices_backward", "options", options);
        Arguments.notNull("max_pool2d_with_indices_backward", "indices", indices);
        return end(
                start("max_pool2d_with_indices_backward", this, self, indices),
                PoolOps.max2dBackward((Tensor) this, self, kernelSize, options, indices));
    }

    /** Returns the mean of each window, the stride being the window's size; {@code torch.nn.functional.avg_pool1d}. */
    default Tensor avgPool1d(long... kernelSize) {
        return avgPool1d(kernelSize, PoolOptions.DEFAULT);
    }

    /** Works as {@link #avgPool1d(long[], PoolOptions)} of windows of one size in all dimensions. */
    default Tensor avgPool1d(long kernelSize, PoolOptions options) {
        return avgPool1d(new long[] {kernelSize}, options);
    }

    /**
     * Returns the mean of each window; {@code torch.nn.functional.avg_pool1d}. Of floating point, or int64, whose means are
     * truncated.
     *
     * @throws CotangentException PyTorch's, if this has other dimensions, or if no window fits
     */
    default Tensor avgPool1d(long[] kernelSize, PoolOptions options) {
        Arguments.notNull("avg_pool1d", "kernel_size", kernelSize);
        Arguments.notNull("avg_pool1d", "options", options);
        return end(start("avg_pool1d", this), PoolOps.avg((Tensor) this, 1, kernelSize, options));
    }

    /** Returns the mean of each window, the stride being the window's size; {@code torch.nn.functional.avg_pool2d}. */
    default Tensor avgPool2d(long... kernelSize) {
        return avgPool2d(kernelSize, PoolOptions.DEFAULT);
    }

    /** Works as {@link #avgPool2d(long[], PoolOptions)} of windows of one size in all dimensions. */
    default Tensor avgPool2d(long kernelSize, PoolOptions options) {
        return avgPool2d(new long[] {kernelSize}, options);
    }

    /**
     * Returns the mean of each window; {@code torch.nn.functional.avg_pool2d}. Of floating point, or int64, whose means are
     * truncated.
     *
     * @throws CotangentException PyTorch's, if this has other dimensions, or if no window fits
     */
    default Tensor avgPool2d(long[] kernelSize, PoolOptions options) {
        Arguments.notNull("avg_pool2d", "kernel_size", kernelSize);
        Arguments.notNull("avg_pool2d", "options", options);
        return end(start("avg_pool2d", this), PoolOps.avg((Tensor) this, 2, kernelSize, options));
    }

    /** Returns the mean of each window, the stride being the window's size; {@code torch.nn.functional.avg_pool3d}. */
    default Tensor avgPool3d(long... kernelSize) {
        return avgPool3d(kernelSize, PoolOptions.DEFAULT);
    }

    /** Works as {@link #avgPool3d(long[], PoolOptions)} of windows of one size in all dimensions. */
    default Tensor avgPool3d(long kernelSize, PoolOptions options) {
        return avgPool3d(new long[] {kernelSize}, options);
    }

    /**
     * Returns the mean of each window; {@code torch.nn.functional.avg_pool3d}. Of floating point, or int64, whose means are
     * truncated.
     *
     * @throws CotangentException PyTorch's, if this has other dimensions, or if no window fits
     */
    default Tensor avgPool3d(long[] kernelSize, PoolOptions options) {
        Arguments.notNull("avg_pool3d", "kernel_size", kernelSize);
        Arguments.notNull("avg_pool3d", "options", options);
        return end(start("avg_pool3d", this), PoolOps.avg((Tensor) this, 3, kernelSize, options));
    }

    /**
     * Returns means of as many windows of about equal sizes as the output is to have elements; {@code
     * torch.nn.functional.adaptive_avg_pool1d}.
     *
     * @param outputSize of each dimension, or one for all; {@link PoolOptions#KEEP} for the input's
     */
    default Tensor adaptiveAvgPool1d(long... outputSize) {
        Arguments.notNull("adaptive_avg_pool1d", "output_size", outputSize);
        return end(
                start("adaptive_avg_pool1d", this),
                PoolOps.adaptiveAvg((Tensor) this, 1, PoolOps.adaptiveSizes((Tensor) this, 1, outputSize)));
    }

    /** Returns the maxima of windows as those of {@link #adaptiveAvgPool1d}; {@code torch.nn.functional.adaptive_max_pool1d}. */
    default Tensor adaptiveMaxPool1d(long... outputSize) {
        return adaptiveMaxPool1dWithIndices(outputSize).values();
    }

    /**
     * Works as {@link #adaptiveMaxPool1d} with the row-major index of each in its plane;
     * {@code adaptive_max_pool1d_with_indices}.
     */
    default ValuesIndices adaptiveMaxPool1dWithIndices(long... outputSize) {
        Arguments.notNull("adaptive_max_pool1d", "output_size", outputSize);
        return end(
                start("adaptive_max_pool1d_with_indices", this),
                PoolOps.adaptiveMax((Tensor) this, 1, PoolOps.adaptiveSizes((Tensor) this, 1, outputSize)));
    }

    /**
     * Returns means of as many windows of about equal sizes as the output is to have elements; {@code
     * torch.nn.functional.adaptive_avg_pool2d}.
     *
     * @param outputSize of each dimension, or one for all; {@link PoolOptions#KEEP} for the input's
     */
    default Tensor adaptiveAvgPool2d(long... outputSize) {
        Arguments.notNull("adaptive_avg_pool2d", "output_size", outputSize);
        return end(
                start("adaptive_avg_pool2d", this),
                PoolOps.adaptiveAvg((Tensor) this, 2, PoolOps.adaptiveSizes((Tensor) this, 2, outputSize)));
    }

    /** Returns the maxima of windows as those of {@link #adaptiveAvgPool2d}; {@code torch.nn.functional.adaptive_max_pool2d}. */
    default Tensor adaptiveMaxPool2d(long... outputSize) {
        return adaptiveMaxPool2dWithIndices(outputSize).values();
    }

    /**
     * Works as {@link #adaptiveMaxPool2d} with the row-major index of each in its plane;
     * {@code adaptive_max_pool2d_with_indices}.
     */
    default ValuesIndices adaptiveMaxPool2dWithIndices(long... outputSize) {
        Arguments.notNull("adaptive_max_pool2d", "output_size", outputSize);
        return end(
                start("adaptive_max_pool2d_with_indices", this),
                PoolOps.adaptiveMax((Tensor) this, 2, PoolOps.adaptiveSizes((Tensor) this, 2, outputSize)));
    }

    /**
     * Returns means of as many windows of about equal sizes as the output is to have elements; {@code
     * torch.nn.functional.adaptive_avg_pool3d}.
     *
     * @param outputSize of each dimension, or one for all; {@link PoolOptions#KEEP} for the input's
     */
    default Tensor adaptiveAvgPool3d(long... outputSize) {
        Arguments.notNull("adaptive_avg_pool3d", "output_size", outputSize);
        return end(
                start("adaptive_avg_pool3d", this),
                PoolOps.adaptiveAvg((Tensor) this, 3, PoolOps.adaptiveSizes((Tensor) this, 3, outputSize)));
    }

    /** Returns the maxima of windows as those of {@link #adaptiveAvgPool3d}; {@code torch.nn.functional.adaptive_max_pool3d}. */
    default Tensor adaptiveMaxPool3d(long... outputSize) {
        return adaptiveMaxPool3dWithIndices(outputSize).values();
    }

    /**
     * Works as {@link #adaptiveMaxPool3d} with the row-major index of each in its plane;
     * {@code adaptive_max_pool3d_with_indices}.
     */
    default ValuesIndices adaptiveMaxPool3dWithIndices(long... outputSize) {
        Arguments.notNull("adaptive_max_pool3d", "output_size", outputSize);
        return end(
                start("adaptive_max_pool3d_with_indices", this),
                PoolOps.adaptiveMax((Tensor) this, 3, PoolOps.adaptiveSizes((Tensor) this, 3, outputSize)));
    }

    /**
     * Returns for each window the root of the sum of powers; {@code torch.nn.functional.lp_pool1d}.
     *
     * @param normType the power
     * @param options only the stride and the ceil mode are used
     */
    default Tensor lpPool1d(Number normType, long[] kernelSize, PoolOptions options) {
        Arguments.notNull("lp_pool1d", "norm_type", normType);
        Arguments.notNull("lp_pool1d", "kernel_size", kernelSize);
        Arguments.notNull("lp_pool1d", "options", options);
        return end(start("lp_pool1d", this), PoolOps.lp((Tensor) this, 1, normType, kernelSize, options));
    }

    /** Works as {@link #lpPool1d(Number, long[], PoolOptions)} of windows of one size in all dimensions. */
    default Tensor lpPool1d(Number normType, long kernelSize, PoolOptions options) {
        return lpPool1d(normType, new long[] {kernelSize}, options);
    }

    /**
     * Returns for each window the root of the sum of powers; {@code torch.nn.functional.lp_pool2d}.
     *
     * @param normType the power
     * @param options only the stride and the ceil mode are used
     */
    default Tensor lpPool2d(Number normType, long[] kernelSize, PoolOptions options) {
        Arguments.notNull("lp_pool2d", "norm_type", normType);
        Arguments.notNull("lp_pool2d", "kernel_size", kernelSize);
        Arguments.notNull("lp_pool2d", "options", options);
        return end(start("lp_pool2d", this), PoolOps.lp((Tensor) this, 2, normType, kernelSize, options));
    }

    /** Works as {@link #lpPool2d(Number, long[], PoolOptions)} of windows of one size in all dimensions. */
    default Tensor lpPool2d(Number normType, long kernelSize, PoolOptions options) {
        return lpPool2d(normType, new long[] {kernelSize}, options);
    }

    /**
     * Returns for each window the root of the sum of powers; {@code torch.nn.functional.lp_pool3d}.
     *
     * @param normType the power
     * @param options only the stride and the ceil mode are used
     */
    default Tensor lpPool3d(Number normType, long[] kernelSize, PoolOptions options) {
        Arguments.notNull("lp_pool3d", "norm_type", normType);
        Arguments.notNull("lp_pool3d", "kernel_size", kernelSize);
        Arguments.notNull("lp_pool3d", "options", options);
        return end(start("lp_pool3d", this), PoolOps.lp((Tensor) this, 3, normType, kernelSize, options));
    }

    /** Works as {@link #lpPool3d(Number, long[], PoolOptions)} of windows of one size in all dimensions. */
    default Tensor lpPool3d(Number normType, long kernelSize, PoolOptions options) {
        return lpPool3d(normType, new long[] {kernelSize}, options);
    }

    /**
     * Returns the maxima of windows whose places are drawn at random so that there are as many as wanted (Graham 2014);
     * {@code torch.nn.functional.fractional_max_pool2d}. Draws from the default generator.
     *
     * @param kernelSize of windows
     */
    default Tensor fractionalMaxPool2d(long[] kernelSize, FractionalPoolOptions options) {
        Arguments.notNull("fractional_max_pool2d", "kernel_size", kernelSize);
        Arguments.notNull("fractional_max_pool2d", "options", options);
        return fractionalMaxPool2dWithIndices(kernelSize, options).values();
    }

    /**
     * Works as {@link #fractionalMaxPool2d} with the row-major index of each in its plane;
     * {@code fractional_max_pool2d_with_indices}.
     */
    default ValuesIndices fractionalMaxPool2dWithIndices(long[] kernelSize, FractionalPoolOptions options) {
        Arguments.notNull("fractional_max_pool2d", "kernel_size", kernelSize);
        Arguments.notNull("fractional_max_pool2d", "options", options);
        return end(
                start("fractional_max_pool2d_with_indices", this),
                FractionalPoolOps.max((Tensor) this, 2, kernelSize, options));
    }

    /**
     * Returns the maxima of windows whose places are drawn at random so that there are as many as wanted (Graham 2014);
     * {@code torch.nn.functional.fractional_max_pool3d}. Draws from the default generator.
     *
     * @param kernelSize of windows
     */
    default Tensor fractionalMaxPool3d(long[] kernelSize, FractionalPoolOptions options) {
        Arguments.notNull("fractional_max_pool3d", "kernel_size", kernelSize);
        Arguments.notNull("fractional_max_pool3d", "options", options);
        return fractionalMaxPool3dWithIndices(kernelSize, options).values();
    }

    /**
     * Works as {@link #fractionalMaxPool3d} with the row-major index of each in its plane;
     * {@code fractional_max_pool3d_with_indices}.
     */
    default ValuesIndices fractionalMaxPool3dWithIndices(long[] kernelSize, FractionalPoolOptions options) {
        Arguments.notNull("fractional_max_pool3d", "kernel_size", kernelSize);
        Arguments.notNull("fractional_max_pool3d", "options", options);
        return end(
                start("fractional_max_pool3d_with_indices", this),
                FractionalPoolOps.max((Tensor) this, 3, kernelSize, options));
    }

    /**
     * Puts elements at the places that {@link #maxPool1dWithIndices(long[], PoolOptions)} has taken them from, and 0
     * elsewhere; {@code torch.nn.functional.max_unpool1d}.
     *
     * @param indices int64, of this tensor's shape
     * @param options the stride and the padding
     * @param outputSize the sizes of these dimensions, or of all; none for the least that the windows stand for
     */
    default Tensor maxUnpool1d(Tensor indices, long[] kernelSize, PoolOptions options, long... outputSize) {
        Arguments.notNull("max_unpool1d", "indices", indices);
        Arguments.notNull("max_unpool1d", "kernel_size", kernelSize);
        Arguments.notNull("max_unpool1d", "options", options);
        Arguments.notNull("max_unpool1d", "output_size", outputSize);
        return end(
                start("max_unpool1d", this, indices),
                UnpoolOps.max((Tensor) this, 1, indices, kernelSize, options, outputSize));
    }

    /** Works as {@link #maxUnpool1d(Tensor, long[], PoolOptions, long...)} of windows of one size in all dimensions. */
    default Tensor maxUnpool1d(Tensor indices, long kernelSize, PoolOptions options, long... outputSize) {
        return maxUnpool1d(indices, new long[] {kernelSize}, options, outputSize);
    }

    /**
     * Puts elements at the places that {@link #maxPool2dWithIndices(long[], PoolOptions)} has taken them from, and 0
     * elsewhere; {@code torch.nn.functional.max_unpool2d}.
     *
     * @param indices int64, of this tensor's shape
     * @param options the stride and the padding
     * @param outputSize the sizes of these dimensions, or of all; none for the least that the windows stand for
     */
    default Tensor maxUnpool2d(Tensor indices, long[] kernelSize, PoolOptions options, long... outputSize) {
        Arguments.notNull("max_unpool2d", "indices", indices);
        Arguments.notNull("max_unpool2d", "kernel_size", kernelSize);
        Arguments.notNull("max_unpool2d", "options", options);
        Arguments.notNull("max_unpool2d", "output_size", outputSize);
        return end(
                start("max_unpool2d", this, indices),
                UnpoolOps.max((Tensor) this, 2, indices, kernelSize, options, outputSize));
    }

    /** Works as {@link #maxUnpool2d(Tensor, long[], PoolOptions, long...)} of windows of one size in all dimensions. */
    default Tensor maxUnpool2d(Tensor indices, long kernelSize, PoolOptions options, long... outputSize) {
        return maxUnpool2d(indices, new long[] {kernelSize}, options, outputSize);
    }

    /**
     * Puts elements at the places that {@link #maxPool3dWithIndices(long[], PoolOptions)} has taken them from, and 0
     * elsewhere; {@code torch.nn.functional.max_unpool3d}.
     *
     * @param indices int64, of this tensor's shape
     * @param options the stride and the padding
     * @param outputSize the sizes of these dimensions, or of all; none for the least that the windows stand for
     */
    default Tensor maxUnpool3d(Tensor indices, long[] kernelSize, PoolOptions options, long... outputSize) {
        Arguments.notNull("max_unpool3d", "indices", indices);
        Arguments.notNull("max_unpool3d", "kernel_size", kernelSize);
        Arguments.notNull("max_unpool3d", "options", options);
        Arguments.notNull("max_unpool3d", "output_size", outputSize);
        return end(
                start("max_unpool3d", this, indices),
                UnpoolOps.max((Tensor) this, 3, indices, kernelSize, options, outputSize));
    }

    /** Works as {@link #maxUnpool3d(Tensor, long[], PoolOptions, long...)} of windows of one size in all dimensions. */
    default Tensor maxUnpool3d(Tensor indices, long kernelSize, PoolOptions options, long... outputSize) {
        return maxUnpool3d(indices, new long[] {kernelSize}, options, outputSize);
    }
}
