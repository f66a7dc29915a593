package dev.cotangent.nn;

import dev.cotangent.Shape;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.nn.internal.PythonText;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
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
    private @Nullable UnaryOperator<Tensor> sumOverProcesses;

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

    /**
     * Makes the statistics of batch norm in training those of the batches of several processes together; PyTorch's {@code
     * SyncBatchNorm}. {@code SyncBatchNorm.convert} of the distributed module does this for all layers of a module.
     *
     * @param sum returns the sum of a tensor over the processes, differentiable; null for the batch of this process alone
     */
    public final void synchronizeStatistics(@Nullable UnaryOperator<Tensor> sum) {
        sumOverProcesses = sum;
    }

    /** Returns the input with each channel normalized by the statistics of the batch or the running ones. */
    final Tensor normalizedBatch(Tensor input) {
        double momentum = nextMomentum();
        boolean own = isTraining() || runningMean == null;
        boolean tracked = !isTraining() || options.trackRunningStats();
        UnaryOperator<Tensor> sum = sumOverProcesses;
        if (own && sum != null) return synchronizedBatch(input, sum, tracked, momentum);
        return input.batchNorm(
                tracked ? runningMean : null, tracked ? runningVar : null, weight, bias, own, momentum, options.eps());
    }

    private Tensor synchronizedBatch(Tensor input, UnaryOperator<Tensor> sum, boolean tracked, double momentum) {
        Tensor x = input.to(input.dtype().computeType());
        int[] others = IntStream.range(0, x.dim()).filter(d -> d != 1).toArray();
        long[] perChannel = new long[x.dim()];
        Arrays.fill(perChannel, 1);
        perChannel[1] = numFeatures;
        Tensor count = x.newFull(Shape.of(1), (double) x.numel() / numFeatures);
        Tensor sums = sum.apply(Tensors.cat(List.of(x.sum(others), count), 0));
        Tensor n = sums.narrow(0, numFeatures, 1).detach();
        Tensor mean = sums.narrow(0, 0, numFeatures).div(n);
        // Squares of differences do not cancel as the difference of squares does.
        Tensor centered = x.sub(mean.view(perChannel));
        Tensor variance = sum.apply(centered.square().sum(others)).div(n);
        if (tracked && runningMean != null && runningVar != null) {
            try (var _ = Autograd.noGrad()) {
                runningMean.lerp_(mean.detach().to(runningMean.dtype()), momentum);
                Tensor unbiased = variance.detach().mul(n.div(n.sub(1)));
                runningVar.lerp_(unbiased.to(runningVar.dtype()), momentum);
            }
        }
        Tensor y = centered.mul(variance.add(options.eps()).rsqrt().view(perChannel));
        if (weight != null) y = y.mul(weight.view(perChannel));
        if (bias != null) y = y.add(bias.view(perChannel));
        return y.to(input.dtype());
    }

    @Override
    protected String extraRepr() {
        return numFeatures + ", eps=" + PythonText.of(options.eps()) + ", momentum=" + PythonText.of(options.momentum())
                + ", affine=" + PythonText.of(options.affine()) + ", bias=" + PythonText.of(bias != null)
                + ", track_running_stats=" + PythonText.of(options.trackRunningStats());
    }
}
