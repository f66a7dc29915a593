package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.engine.AutocastMode;
import dev.cotangent.internal.ops.nn.NormalizationOps;
import dev.cotangent.internal.ops.nn.ResponseNormOps;
import dev.cotangent.internal.ops.reduction.SoftmaxOps;
import org.jspecify.annotations.Nullable;

/** Softmax, and normalizations by mean and standard deviation, for floating point; results have this tensor's shape. */
sealed interface NormalizationMethods permits Tensor {
    /** Computes softmax along a dimension; {@code torch.softmax}. */
    default Tensor softmax(int dim) {
        return end(
                start("softmax", this),
                SoftmaxOps.softmax((Tensor) this, dim, AutocastMode.singleOnCuda((Tensor) this, null)));
    }

    /** Works as {@link #softmax(int)} of the elements converted to a type; {@code torch.softmax}. */
    default Tensor softmax(int dim, @Nullable Dtype dtype) {
        return end(
                start("softmax", this),
                SoftmaxOps.softmax((Tensor) this, dim, AutocastMode.singleOnCuda((Tensor) this, dtype)));
    }

    /** Computes log-softmax along a dimension, numerically stable; {@code torch.log_softmax}. */
    default Tensor logSoftmax(int dim) {
        return end(
                start("log_softmax", this),
                SoftmaxOps.logSoftmax((Tensor) this, dim, AutocastMode.singleOnCuda((Tensor) this, null)));
    }

    /** Works as {@link #logSoftmax(int)} of the elements converted to a type; {@code torch.log_softmax}. */
    default Tensor logSoftmax(int dim, @Nullable Dtype dtype) {
        return end(
                start("log_softmax", this),
                SoftmaxOps.logSoftmax((Tensor) this, dim, AutocastMode.singleOnCuda((Tensor) this, dtype)));
    }

    /** Works as {@link #softmax(int)} of the negated elements; {@code torch.nn.functional.softmin}. */
    default Tensor softmin(int dim) {
        return softmin(dim, null);
    }

    /** Works as {@link #softmin(int)} of the elements converted to a type; {@code torch.nn.functional.softmin}. */
    default Tensor softmin(int dim, @Nullable Dtype dtype) {
        return end(start("softmin", this), SoftmaxOps.softmax(((Tensor) this).neg(), dim, dtype));
    }

    /** Works as {@link #layerNorm(long[], Tensor, Tensor, double)} without weight and bias, with eps 1e-5. */
    default Tensor layerNorm(long... normalizedShape) {
        Arguments.notNull("layer_norm", "normalized_shape", normalizedShape);
        return layerNorm(normalizedShape, null, null, 1e-5);
    }

    /**
     * Normalizes over the last dimensions; {@code torch.nn.functional.layer_norm}.
     *
     * @param normalizedShape the shape of these dimensions
     * @param weight scale per element, of that shape
     * @param bias shift per element, of that shape
     * @param eps added to variances
     */
    default Tensor layerNorm(long[] normalizedShape, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
        Arguments.notNull("layer_norm", "normalized_shape", normalizedShape);
        return nativeLayerNorm(normalizedShape, weight, bias, eps).output();
    }

    /**
     * Works as {@link #layerNorm(long[], Tensor, Tensor, double)}, returning the statistics too; {@code
     * torch.native_layer_norm}.
     */
    default Normalized nativeLayerNorm(
            long[] normalizedShape, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
        Arguments.notNull("native_layer_norm", "normalized_shape", normalizedShape);
        return end(
                start("native_layer_norm", this, weight, bias),
                NormalizationOps.layerNorm(
                        AutocastMode.singleOnCuda((Tensor) this),
                        normalizedShape,
                        AutocastMode.singleOnCuda(weight),
                        AutocastMode.singleOnCuda(bias),
                        eps));
    }

    /**
     * Normalizes over groups of channels and all following dimensions; {@code torch.nn.functional.group_norm}.
     *
     * @param numGroups number of groups; divides the size of dimension 1
     * @param weight scale per channel
     * @param bias shift per channel
     * @param eps added to variances
     */
    default Tensor groupNorm(long numGroups, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
        return end(
                start("group_norm", this, weight, bias),
                NormalizationOps.groupNorm(
                        AutocastMode.singleOnCuda((Tensor) this),
                        numGroups,
                        AutocastMode.singleOnCuda(weight),
                        AutocastMode.singleOnCuda(bias),
                        eps));
    }

    /**
     * Normalizes each channel (dimension 1) by batch or running statistics; {@code torch.nn.functional.batch_norm}.
     *
     * @param runningMean the channels' running means, updated in training
     * @param runningVar the channels' running variances, updated in training
     * @param weight scale per channel
     * @param bias shift per channel
     * @param training whether to use batch statistics
     * @param momentum weight of the batch in the update of running statistics
     * @param eps added to variances
     */
    default Tensor batchNorm(
            @Nullable Tensor runningMean,
            @Nullable Tensor runningVar,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            boolean training,
            double momentum,
            double eps) {
        return end(
                start("batch_norm", this, runningMean, runningVar, weight, bias),
                NormalizationOps.batchNorm(
                        (Tensor) this, runningMean, runningVar, weight, bias, training, momentum, eps));
    }

    /** Works as {@link #batchNorm}, returning the statistics too; {@code torch.native_batch_norm}. */
    default Normalized nativeBatchNorm(
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            @Nullable Tensor runningMean,
            @Nullable Tensor runningVar,
            boolean training,
            double momentum,
            double eps) {
        return end(
                start("native_batch_norm", this, weight, bias, runningMean, runningVar),
                NormalizationOps.nativeBatchNorm(
                        (Tensor) this, weight, bias, runningMean, runningVar, training, momentum, eps));
    }

    /** Works as {@link #batchNorm}, with statistics per batch entry; {@code torch.nn.functional.instance_norm}. */
    default Tensor instanceNorm(
            @Nullable Tensor runningMean,
            @Nullable Tensor runningVar,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            boolean useInputStats,
            double momentum,
            double eps) {
        return end(
                start("instance_norm", this, runningMean, runningVar, weight, bias),
                NormalizationOps.instanceNorm(
                        (Tensor) this, runningMean, runningVar, weight, bias, useInputStats, momentum, eps));
    }

    /** Works as {@link #rmsNorm(long[], Tensor)} without weight. */
    default Tensor rmsNorm(long... normalizedShape) {
        return rmsNorm(normalizedShape, null);
    }

    /** Works as {@link #rmsNorm(long[], Tensor, double)} with the machine epsilon of the compute type as eps. */
    default Tensor rmsNorm(long[] normalizedShape, @Nullable Tensor weight) {
        Arguments.notNull("rms_norm", "normalized_shape", normalizedShape);
        return end(
                start("rms_norm", this, weight), ResponseNormOps.rmsNorm((Tensor) this, normalizedShape, weight, null));
    }

    /**
     * Divides by the root of the mean square of the last dimensions; {@code torch.nn.functional.rms_norm}. Half types
     * are computed in float32.
     *
     * @param normalizedShape the shape of these dimensions
     * @param weight a factor for each of their elements, of that shape
     * @param eps added to mean squares
     */
    default Tensor rmsNorm(long[] normalizedShape, @Nullable Tensor weight, double eps) {
        Arguments.notNull("rms_norm", "normalized_shape", normalizedShape);
        return end(
                start("rms_norm", this, weight), ResponseNormOps.rmsNorm((Tensor) this, normalizedShape, weight, eps));
    }

    /**
     * Works as {@link #localResponseNorm(long, double, double, double)} with PyTorch's alpha of 1e-4, beta of 0.75 and
     * k of 1.
     */
    default Tensor localResponseNorm(long size) {
        return localResponseNorm(size, 1e-4, 0.75, 1);
    }

    /**
     * Divides by {@code (k + alpha * m)^beta}, m being the mean square of neighbouring channels (dimension 1;
     * Krizhevsky and others 2012); {@code torch.nn.functional.local_response_norm}.
     *
     * @param size how many channels are neighbours
     */
    default Tensor localResponseNorm(long size, double alpha, double beta, double k) {
        return end(
                start("local_response_norm", this),
                ResponseNormOps.localResponseNorm((Tensor) this, size, alpha, beta, k));
    }
}
