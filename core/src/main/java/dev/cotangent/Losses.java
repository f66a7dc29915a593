package dev.cotangent;

import dev.cotangent.op.LossOps;
import dev.cotangent.op.NllOps;
import org.jspecify.annotations.Nullable;

/**
 * Losses; {@code torch.nn.functional}. The reduction is {@code "mean"} (over all elements), {@code "sum"} or {@code
 * "none"}; any other raises a {@link ValueException}. Operands are broadcast, with a warning where a loss is of elements.
 */
public sealed interface Losses permits Tensor {
    /** The negative log likelihood of classes, their mean; {@code torch.nn.functional.nll_loss}. */
    default Tensor nllLoss(Tensor target) {
        return nllLoss(target, null, -100, "mean");
    }

    /**
     * The negative log likelihood of classes; {@code torch.nn.functional.nll_loss}.
     *
     * @param target the class of each, int64: of shape [] for [C], [N] for [N, C], [N, d1, ..] for [N, C, d1, ..]; one
     *     that is no class raises an {@link IndexException}
     * @param weight of each class, [C]; a mean is divided by the sum of the weights
     * @param ignoreIndex a target that does not count
     * @param reduction see {@link Losses}
     */
    default Tensor nllLoss(Tensor target, @Nullable Tensor weight, long ignoreIndex, String reduction) {
        return NllOps.nll((Tensor) this, target, weight, ignoreIndex, reduction);
    }

    /** The cross entropy of scores and classes, their mean; {@code torch.nn.functional.cross_entropy}. */
    default Tensor crossEntropy(Tensor target) {
        return crossEntropy(target, null, -100, "mean", 0);
    }

    /**
     * The cross entropy of scores and classes, or of scores and probabilities (of the scores' shape and floating point);
     * {@code torch.nn.functional.cross_entropy}.
     *
     * @param target classes as in {@link #nllLoss(Tensor, Tensor, long, String)}, or probabilities
     * @param weight of each class, [C]
     * @param ignoreIndex a class that does not count
     * @param reduction see {@link Losses}
     * @param labelSmoothing how much of a target is spread over all classes, from 0 to 1
     */
    default Tensor crossEntropy(
            Tensor target, @Nullable Tensor weight, long ignoreIndex, String reduction, double labelSmoothing) {
        return NllOps.crossEntropy((Tensor) this, target, weight, ignoreIndex, reduction, labelSmoothing);
    }

    /** The mean of the squared differences; {@code torch.nn.functional.mse_loss}. */
    default Tensor mseLoss(Tensor target) {
        return mseLoss(target, "mean");
    }

    /** Squared differences; {@code torch.nn.functional.mse_loss}. */
    default Tensor mseLoss(Tensor target, String reduction) {
        return LossOps.mse((Tensor) this, target, reduction);
    }

    /** The mean of the differences' magnitudes; {@code torch.nn.functional.l1_loss}. */
    default Tensor l1Loss(Tensor target) {
        return l1Loss(target, "mean");
    }

    /** The differences' magnitudes; {@code torch.nn.functional.l1_loss}. */
    default Tensor l1Loss(Tensor target, String reduction) {
        return LossOps.l1((Tensor) this, target, reduction);
    }

    /** {@link #smoothL1Loss(Tensor, String, double)} with mean and 1. */
    default Tensor smoothL1Loss(Tensor target) {
        return smoothL1Loss(target, "mean", 1);
    }

    /** Squares over {@code 2 beta} of differences below beta, else magnitudes; {@code torch.nn.functional.smooth_l1_loss}. */
    default Tensor smoothL1Loss(Tensor target, String reduction, double beta) {
        return LossOps.smoothL1((Tensor) this, target, reduction, beta);
    }

    /** {@link #huberLoss(Tensor, String, double)} with mean and 1. */
    default Tensor huberLoss(Tensor target) {
        return huberLoss(target, "mean", 1);
    }

    /** Half the squares of differences up to delta, behind that a line; {@code torch.nn.functional.huber_loss}. */
    default Tensor huberLoss(Tensor target, String reduction, double delta) {
        return LossOps.huber((Tensor) this, target, reduction, delta);
    }

    /** {@link #binaryCrossEntropy(Tensor, Tensor, String)} with mean and without weights. */
    default Tensor binaryCrossEntropy(Tensor target) {
        return binaryCrossEntropy(target, null, "mean");
    }

    /**
     * The cross entropy of probabilities and targets of one shape, both from 0 to 1; {@code
     * torch.nn.functional.binary_cross_entropy}.
     */
    default Tensor binaryCrossEntropy(Tensor target, @Nullable Tensor weight, String reduction) {
        return LossOps.binaryCrossEntropy((Tensor) this, target, weight, reduction);
    }

    /** {@link #binaryCrossEntropyWithLogits(Tensor, Tensor, String, Tensor)} with mean and without weights. */
    default Tensor binaryCrossEntropyWithLogits(Tensor target) {
        return binaryCrossEntropyWithLogits(target, null, "mean", null);
    }

    /**
     * The cross entropy of sigmoids of this tensor and targets of its shape, without losing small ones; {@code
     * torch.nn.functional.binary_cross_entropy_with_logits}.
     *
     * @param target from 0 to 1
     * @param weight of each loss, broadcast
     * @param reduction see {@link Losses}
     * @param posWeight of the part of the targets that are 1, broadcast
     */
    default Tensor binaryCrossEntropyWithLogits(
            Tensor target, @Nullable Tensor weight, String reduction, @Nullable Tensor posWeight) {
        return LossOps.binaryCrossEntropyWithLogits((Tensor) this, target, weight, reduction, posWeight);
    }

    /** {@link #klDiv(Tensor, String, boolean)} with mean, of probabilities. */
    default Tensor klDiv(Tensor target) {
        return klDiv(target, "mean", false);
    }

    /**
     * The divergence of Kullback and Leibler from logarithms of probabilities to a target; {@code
     * torch.nn.functional.kl_div}.
     *
     * @param target probabilities, or their logarithms
     * @param reduction see {@link Losses}, or {@code "batchmean"}: the sum divided by the size of the first dimension
     * @param logTarget whether the target is of logarithms
     */
    default Tensor klDiv(Tensor target, String reduction, boolean logTarget) {
        return LossOps.klDiv((Tensor) this, target, reduction, logTarget);
    }

    /** {@link #poissonNllLoss(Tensor, boolean, boolean, double, String)} of logarithms, with mean. */
    default Tensor poissonNllLoss(Tensor target) {
        return poissonNllLoss(target, true, false, 1e-8, "mean");
    }

    /**
     * The negative log likelihood of counts under Poisson distributions; {@code torch.nn.functional.poisson_nll_loss}.
     *
     * @param target the counts
     * @param logInput whether this tensor is of logarithms of expectations
     * @param full whether to add Stirling's approximation of the term that depends on the target alone
     * @param eps what is added before a logarithm is taken
     * @param reduction see {@link Losses}
     */
    default Tensor poissonNllLoss(Tensor target, boolean logInput, boolean full, double eps, String reduction) {
        return LossOps.poissonNll((Tensor) this, target, logInput, full, eps, reduction);
    }

    /** {@link #gaussianNllLoss(Tensor, Tensor, boolean, double, String)} with mean. */
    default Tensor gaussianNllLoss(Tensor target, Tensor var) {
        return gaussianNllLoss(target, var, false, 1e-6, "mean");
    }

    /**
     * The negative log likelihood of values under normal distributions; {@code torch.nn.functional.gaussian_nll_loss}.
     *
     * @param target the values
     * @param var the variances, of this tensor's shape, or without or with size 1 in its last dimension
     * @param full whether to add the constant term
     * @param eps the least variance
     * @param reduction see {@link Losses}
     */
    default Tensor gaussianNllLoss(Tensor target, Tensor var, boolean full, double eps, String reduction) {
        return LossOps.gaussianNll((Tensor) this, target, var, full, eps, reduction);
    }
}
