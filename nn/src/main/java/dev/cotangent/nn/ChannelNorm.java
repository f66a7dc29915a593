package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.nn.internal.PythonText;
import org.jspecify.annotations.Nullable;

/** Normalises channels, with running statistics if asked for. */
public abstract sealed class ChannelNorm extends Module
        permits BatchNorm1d, BatchNorm2d, BatchNorm3d, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d {
    private final int numFeatures;
    private final BatchNormOptions options;
    private final @Nullable Tensor weight;
    private final @Nullable Tensor bias;
    private final @Nullable Tensor runningMean;
    private final @Nullable Tensor runningVar;
    private final @Nullable Tensor numBatchesTracked;

    ChannelNorm(int numFeatures, BatchNormOptions options) {
        this.numFeatures = numFeatures;
        this.options = options;
        boolean tracked = options.trackRunningStats();
        weight = registerParameter("weight", options.affine() ? Tensors.ones(numFeatures) : null);
        bias = registerParameter("bias", options.affine() && options.bias() ? Tensors.zeros(numFeatures) : null);
        runningMean = registerBuffer("running_mean", tracked ? Tensors.zeros(numFeatures) : null);
        runningVar = registerBuffer("running_var", tracked ? Tensors.ones(numFeatures) : null);
        numBatchesTracked = registerBuffer("num_batches_tracked", tracked ? Tensors.scalar(0L) : null);
    }

    /** Returns the number of channels. */
    public final int numFeatures() {
        return numFeatures;
    }

    final BatchNormOptions given() {
        return options;
    }

    /** Returns the factors of the channels, or null. */
    public final @Nullable Tensor weight() {
        return weight;
    }

    /** Returns the summands of the channels, or null. */
    public final @Nullable Tensor bias() {
        return bias;
    }

    /** Returns the running means of the channels, or null. */
    public final @Nullable Tensor runningMean() {
        return runningMean;
    }

    /** Returns the running variances of the channels, or null. */
    public final @Nullable Tensor runningVar() {
        return runningVar;
    }

    /** Counts a batch; returns how far running statistics move with it. */
    final double nextMomentum() {
        Double momentum = options.momentum();
        if (!isTraining() || numBatchesTracked == null) return momentum == null ? 0 : momentum;
        numBatchesTracked.add_(1);
        return momentum != null ? momentum : 1.0 / numBatchesTracked.itemLong();
    }

    /** Throws if the input has another number of dimensions than allowed. */
    final void checkDims(Tensor input, int fewest, int most) {
        int dim = input.dim();
        if (dim < fewest || dim > most) {
            String allowed = fewest == most ? fewest + "D" : fewest + "D or " + most + "D";
            throw new ValueException("expected " + allowed + " input (got " + dim + "D input)");
        }
    }

    @Override
    protected String extraRepr() {
        return numFeatures + ", eps=" + PythonText.of(options.eps()) + ", momentum=" + PythonText.of(options.momentum())
                + ", affine=" + PythonText.of(options.affine()) + ", bias=" + PythonText.of(bias != null)
                + ", track_running_stats=" + PythonText.of(options.trackRunningStats());
    }
}
