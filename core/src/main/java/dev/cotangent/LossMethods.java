package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.engine.AutocastMode;
import dev.cotangent.internal.ops.nn.CtcOps;
import dev.cotangent.internal.ops.nn.LossOps;
import dev.cotangent.internal.ops.nn.NllOps;
import org.jspecify.annotations.Nullable;

/**
 * Loss functions of {@code torch.nn.functional}. The reduction is {@code "mean"} (over all elements), {@code "sum"}
 * or {@code "none"}; any other throws a {@link ValueException}. Operands of element-wise losses are broadcast, with a
 * warning.
 */
sealed interface LossMethods permits Tensor {
    /** Returns the mean negative log likelihood of classes; {@code torch.nn.functional.nll_loss}. */
    default Tensor nllLoss(Tensor target) {
        Arguments.notNull("nll_loss", "target", target);
        return nllLoss(target, null, -100, "mean");
    }

    /** Returns the negative log likelihood of classes, with options; {@code torch.nn.functional.nll_loss}. */
    default Tensor nllLoss(Tensor target, LossOptions options) {
        Arguments.notNull("nll_loss", "target", target);
        LossOptions o = Arguments.notNull("nll_loss", "options", options);
        return nllLoss(target, o.weight(), o.ignoreIndex(), o.reduction());
    }

    /**
     * Returns the negative log likelihood of classes; {@code torch.nn.functional.nll_loss}.
     *
     * @param target classes, int64: of shape [] for [C], [N] for [N, C], [N, d1, ..] for [N, C, d1, ..]; others throw
     *     an {@link IndexException}
     * @param weight per class, [C]; a mean is divided by the sum of the weights
     * @param ignoreIndex a target to ignore
     * @param reduction see {@link LossMethods}
     */
    default Tensor nllLoss(Tensor target, @Nullable Tensor weight, long ignoreIndex, String reduction) {
        Arguments.notNull("nll_loss", "target", target);
        Arguments.notNull("nll_loss", "reduction", reduction);
        return end(
                start("nll_loss", this, target, weight),
                NllOps.nll(
                        AutocastMode.single((Tensor) this),
                        target,
                        AutocastMode.single(weight),
                        ignoreIndex,
                        reduction));
    }

    /** Works as {@link #nllLoss(Tensor, Tensor, long, String)} with an enum constant. */
    default Tensor nllLoss(Tensor target, @Nullable Tensor weight, long ignoreIndex, LossReduction reduction) {
        Arguments.notNull("nll_loss", "target", target);
        return nllLoss(
                target,
                weight,
                ignoreIndex,
                Arguments.notNull("nll_loss", "reduction", reduction).text());
    }

    /** Returns the mean cross entropy of scores and classes; {@code torch.nn.functional.cross_entropy}. */
    default Tensor crossEntropy(Tensor target) {
        Arguments.notNull("cross_entropy", "target", target);
        return crossEntropy(target, null, -100, "mean", 0);
    }

    /** Returns the cross entropy of scores and classes, with options; {@code torch.nn.functional.cross_entropy}. */
    default Tensor crossEntropy(Tensor target, LossOptions options) {
        Arguments.notNull("cross_entropy", "target", target);
        LossOptions o = Arguments.notNull("cross_entropy", "options", options);
        return crossEntropy(target, o.weight(), o.ignoreIndex(), o.reduction(), o.labelSmoothing());
    }

    /**
     * Returns the cross entropy of scores and classes, or of scores and probabilities (floating point, of the scores'
     * shape); {@code torch.nn.functional.cross_entropy}.
     *
     * @param target classes as in {@link #nllLoss(Tensor, Tensor, long, String)}, or probabilities
     * @param weight per class, [C]
     * @param ignoreIndex a class to ignore
     * @param reduction see {@link LossMethods}
     * @param labelSmoothing fraction of a target distributed over all classes, from 0 to 1
     */
    default Tensor crossEntropy(
            Tensor target, @Nullable Tensor weight, long ignoreIndex, String reduction, double labelSmoothing) {
        Arguments.notNull("cross_entropy", "target", target);
        Arguments.notNull("cross_entropy", "reduction", reduction);
        return end(
                start("cross_entropy", this, target, weight),
                NllOps.crossEntropy(
                        AutocastMode.single((Tensor) this),
                        AutocastMode.single(target),
                        AutocastMode.single(weight),
                        ignoreIndex,
                        reduction,
                        labelSmoothing));
    }

    /** Works as {@link #crossEntropy(Tensor, Tensor, long, String, double)} with an enum constant. */
    default Tensor crossEntropy(
            Tensor target, @Nullable Tensor weight, long ignoreIndex, LossReduction reduction, double labelSmoothing) {
        Arguments.notNull("cross_entropy", "target", target);
        return crossEntropy(
                target,
                weight,
                ignoreIndex,
                Arguments.notNull("cross_entropy", "reduction", reduction).text(),
                labelSmoothing);
    }

    /** Returns the mean squared difference; {@code torch.nn.functional.mse_loss}. */
    default Tensor mseLoss(Tensor target) {
        Arguments.notNull("mse_loss", "target", target);
        return mseLoss(target, "mean");
    }

    /** Returns squared differences, reduced; {@code torch.nn.functional.mse_loss}. */
    default Tensor mseLoss(Tensor target, String reduction) {
        Arguments.notNull("mse_loss", "target", target);
        Arguments.notNull("mse_loss", "reduction", reduction);
        return end(
                start("mse_loss", this, target),
                LossOps.mse(AutocastMode.single((Tensor) this), AutocastMode.single(target), reduction));
    }

    /** Works as {@link #mseLoss(Tensor, String)} with an enum constant. */
    default Tensor mseLoss(Tensor target, LossReduction reduction) {
        Arguments.notNull("mse_loss", "target", target);
        return mseLoss(
                target, Arguments.notNull("mse_loss", "reduction", reduction).text());
    }

    /** Returns the mean absolute difference; {@code torch.nn.functional.l1_loss}. */
    default Tensor l1Loss(Tensor target) {
        Arguments.notNull("l1_loss", "target", target);
        return l1Loss(target, "mean");
    }

    /** Returns absolute differences, reduced; {@code torch.nn.functional.l1_loss}. */
    default Tensor l1Loss(Tensor target, String reduction) {
        Arguments.notNull("l1_loss", "target", target);
        Arguments.notNull("l1_loss", "reduction", reduction);
        return end(
                start("l1_loss", this, target),
                LossOps.l1(AutocastMode.single((Tensor) this), AutocastMode.single(target), reduction));
    }

    /** Works as {@link #l1Loss(Tensor, String)} with an enum constant. */
    default Tensor l1Loss(Tensor target, LossReduction reduction) {
        Arguments.notNull("l1_loss", "target", target);
        return l1Loss(
                target, Arguments.notNull("l1Loss", "reduction", reduction).text());
    }

    /** Works as {@link #smoothL1Loss(Tensor, String, double)} with the mean and 1. */
    default Tensor smoothL1Loss(Tensor target) {
        Arguments.notNull("smooth_l1_loss", "target", target);
        return smoothL1Loss(target, "mean", 1);
    }

    /**
     * Returns {@code d^2 / (2 beta)} for differences below beta, else {@code |d| - beta / 2}; {@code
     * torch.nn.functional.smooth_l1_loss}.
     */
    default Tensor smoothL1Loss(Tensor target, String reduction, double beta) {
        Arguments.notNull("smooth_l1_loss", "target", target);
        Arguments.notNull("smooth_l1_loss", "reduction", reduction);
        return end(
                start("smooth_l1_loss", this, target),
                LossOps.smoothL1(AutocastMode.single((Tensor) this), AutocastMode.single(target), reduction, beta));
    }

    /** Works as {@link #smoothL1Loss(Tensor, String, double)} with an enum constant. */
    default Tensor smoothL1Loss(Tensor target, LossReduction reduction, double beta) {
        Arguments.notNull("smooth_l1_loss", "target", target);
        return smoothL1Loss(
                target,
                Arguments.notNull("smooth_l1Loss", "reduction", reduction).text(),
                beta);
    }

    /** Works as {@link #huberLoss(Tensor, String, double)} with the mean and 1. */
    default Tensor huberLoss(Tensor target) {
        Arguments.notNull("huber_loss", "target", target);
        return huberLoss(target, "mean", 1);
    }

    /**
     * Returns {@code d^2 / 2} for differences up to delta, else {@code delta * (|d| - delta / 2)}; {@code
     * torch.nn.functional.huber_loss}.
     */
    default Tensor huberLoss(Tensor target, String reduction, double delta) {
        Arguments.notNull("huber_loss", "target", target);
        Arguments.notNull("huber_loss", "reduction", reduction);
        return end(
                start("huber_loss", this, target),
                LossOps.huber(AutocastMode.single((Tensor) this), AutocastMode.single(target), reduction, delta));
    }

    /** Works as {@link #huberLoss(Tensor, String, double)} with an enum constant. */
    default Tensor huberLoss(Tensor target, LossReduction reduction, double delta) {
        Arguments.notNull("huber_loss", "target", target);
        return huberLoss(
                target, Arguments.notNull("huber_loss", "reduction", reduction).text(), delta);
    }

    /** Works as {@link #binaryCrossEntropy(Tensor, Tensor, String)} with the mean and without weights. */
    default Tensor binaryCrossEntropy(Tensor target) {
        Arguments.notNull("binary_cross_entropy", "target", target);
        return binaryCrossEntropy(target, null, "mean");
    }

    /**
     * Returns the cross entropy of probabilities and targets, with options; {@code
     * torch.nn.functional.binary_cross_entropy}.
     */
    default Tensor binaryCrossEntropy(Tensor target, LossOptions options) {
        Arguments.notNull("binary_cross_entropy", "target", target);
        LossOptions o = Arguments.notNull("binary_cross_entropy", "options", options);
        return binaryCrossEntropy(target, o.weight(), o.reduction());
    }

    /**
     * Returns the cross entropy of probabilities and targets of one shape, both in [0, 1]; {@code
     * torch.nn.functional.binary_cross_entropy}.
     */
    default Tensor binaryCrossEntropy(Tensor target, @Nullable Tensor weight, String reduction) {
        Arguments.notNull("binary_cross_entropy", "target", target);
        Arguments.notNull("binary_cross_entropy", "reduction", reduction);
        return end(
                start("binary_cross_entropy", this, target, weight),
                LossOps.binaryCrossEntropy(
                        AutocastMode.probabilities((Tensor) this),
                        AutocastMode.singleOnCpu(target),
                        AutocastMode.singleOnCpu(weight),
                        reduction));
    }

    /** Works as {@link #binaryCrossEntropy(Tensor, Tensor, String)} with an enum constant. */
    default Tensor binaryCrossEntropy(Tensor target, @Nullable Tensor weight, LossReduction reduction) {
        Arguments.notNull("binary_cross_entropy", "target", target);
        return binaryCrossEntropy(
                target,
                weight,
                Arguments.notNull("binary_cross_entropy", "reduction", reduction)
                        .text());
    }

    /**
     * Works as {@link #binaryCrossEntropyWithLogits(Tensor, Tensor, String, Tensor)} with the mean and without weights.
     */
    default Tensor binaryCrossEntropyWithLogits(Tensor target) {
        Arguments.notNull("binary_cross_entropy_with_logits", "target", target);
        return binaryCrossEntropyWithLogits(target, null, "mean", null);
    }

    /** Returns the cross entropy of sigmoids and targets, with options; see {@link LossOptions}. */
    default Tensor binaryCrossEntropyWithLogits(Tensor target, LossOptions options) {
        Arguments.notNull("binary_cross_entropy_with_logits", "target", target);
        LossOptions o = Arguments.notNull("binary_cross_entropy_with_logits", "options", options);
        return binaryCrossEntropyWithLogits(target, o.weight(), o.reduction(), o.posWeight());
    }

    /**
     * Returns the cross entropy of this tensor's sigmoids and targets of its shape, numerically stable; {@code
     * torch.nn.functional.binary_cross_entropy_with_logits}.
     *
     * @param target in [0, 1]
     * @param weight per loss, broadcast
     * @param reduction see {@link LossMethods}
     * @param posWeight weight of the positive targets, broadcast
     */
    default Tensor binaryCrossEntropyWithLogits(
            Tensor target, @Nullable Tensor weight, String reduction, @Nullable Tensor posWeight) {
        Arguments.notNull("binary_cross_entropy_with_logits", "target", target);
        Arguments.notNull("binary_cross_entropy_with_logits", "reduction", reduction);
        return end(
                start("binary_cross_entropy_with_logits", this, target, weight, posWeight),
                LossOps.binaryCrossEntropyWithLogits(
                        AutocastMode.single((Tensor) this),
                        AutocastMode.single(target),
                        AutocastMode.single(weight),
                        reduction,
                        AutocastMode.single(posWeight)));
    }

    /** Works as {@link #binaryCrossEntropyWithLogits(Tensor, Tensor, String, Tensor)} with an enum constant. */
    default Tensor binaryCrossEntropyWithLogits(
            Tensor target, @Nullable Tensor weight, LossReduction reduction, @Nullable Tensor posWeight) {
        Arguments.notNull("binary_cross_entropy_with_logits", "target", target);
        return binaryCrossEntropyWithLogits(
                target,
                weight,
                Arguments.notNull("binary_cross_entropy_with_logits", "reduction", reduction)
                        .text(),
                posWeight);
    }

    /** Works as {@link #klDiv(Tensor, String, boolean)}, the mean for probabilities. */
    default Tensor klDiv(Tensor target) {
        Arguments.notNull("kl_div", "target", target);
        return klDiv(target, "mean", false);
    }

    /**
     * Returns the Kullback-Leibler divergence from log probabilities to a target; {@code torch.nn.functional.kl_div}.
     *
     * @param target probabilities, or log probabilities
     * @param reduction see {@link LossMethods}, or {@code "batchmean"}: the sum divided by the size of the first
     *     dimension
     * @param logTarget whether the target has log probabilities
     */
    default Tensor klDiv(Tensor target, String reduction, boolean logTarget) {
        Arguments.notNull("kl_div", "target", target);
        Arguments.notNull("kl_div", "reduction", reduction);
        return end(
                start("kl_div", this, target),
                LossOps.klDiv(AutocastMode.single((Tensor) this), AutocastMode.single(target), reduction, logTarget));
    }

    /** Works as {@link #klDiv(Tensor, String, boolean)} with an enum constant. */
    default Tensor klDiv(Tensor target, LossReduction reduction, boolean logTarget) {
        Arguments.notNull("kl_div", "target", target);
        return klDiv(target, Arguments.notNull("kl_div", "reduction", reduction).text(), logTarget);
    }

    /** Works as {@link #poissonNllLoss(Tensor, boolean, boolean, double, String)}, the mean for logarithms. */
    default Tensor poissonNllLoss(Tensor target) {
        Arguments.notNull("poisson_nll_loss", "target", target);
        return poissonNllLoss(target, true, false, 1e-8, "mean");
    }

    /**
     * Returns the negative log likelihood of counts under Poisson distributions; {@code
     * torch.nn.functional.poisson_nll_loss}.
     *
     * @param target the counts
     * @param logInput whether this tensor has logarithms of expectations
     * @param full whether to add Stirling's approximation of the term that depends on the target only
     * @param eps added to the argument of a logarithm
     * @param reduction see {@link LossMethods}
     */
    default Tensor poissonNllLoss(Tensor target, boolean logInput, boolean full, double eps, String reduction) {
        Arguments.notNull("poisson_nll_loss", "target", target);
        Arguments.notNull("poisson_nll_loss", "reduction", reduction);
        return end(
                start("poisson_nll_loss", this, target),
                LossOps.poissonNll(
                        AutocastMode.single((Tensor) this),
                        AutocastMode.single(target),
                        logInput,
                        full,
                        eps,
                        reduction));
    }

    /** Works as {@link #poissonNllLoss(Tensor, boolean, boolean, double, String)} with an enum constant. */
    default Tensor poissonNllLoss(Tensor target, boolean logInput, boolean full, double eps, LossReduction reduction) {
        Arguments.notNull("poisson_nll_loss", "target", target);
        return poissonNllLoss(
                target,
                logInput,
                full,
                eps,
                Arguments.notNull("poisson_nll_loss", "reduction", reduction).text());
    }

    /** Works as {@link #gaussianNllLoss(Tensor, Tensor, boolean, double, String)} with the mean. */
    default Tensor gaussianNllLoss(Tensor target, Tensor var) {
        Arguments.notNull("gaussian_nll_loss", "var", var);
        return gaussianNllLoss(target, var, false, 1e-6, "mean");
    }

    /**
     * Returns the negative log likelihood of values under normal distributions; {@code
     * torch.nn.functional.gaussian_nll_loss}.
     *
     * @param target the values
     * @param var the variances, of this tensor's shape, or with its last dimension missing or of size 1
     * @param full whether to add the constant term
     * @param eps lower bound of the variance
     * @param reduction see {@link LossMethods}
     */
    default Tensor gaussianNllLoss(Tensor target, Tensor var, boolean full, double eps, String reduction) {
        Arguments.notNull("gaussian_nll_loss", "var", var);
        Arguments.notNull("gaussian_nll_loss", "reduction", reduction);
        return end(
                start("gaussian_nll_loss", this, target, var),
                LossOps.gaussianNll((Tensor) this, target, var, full, eps, reduction));
    }

    /** Works as {@link #gaussianNllLoss(Tensor, Tensor, boolean, double, String)} with an enum constant. */
    default Tensor gaussianNllLoss(Tensor target, Tensor var, boolean full, double eps, LossReduction reduction) {
        Arguments.notNull("gaussian_nll_loss", "var", var);
        return gaussianNllLoss(
                target,
                var,
                full,
                eps,
                Arguments.notNull("gaussian_nll_loss", "reduction", reduction).text());
    }

    /**
     * Works as {@link #ctcLoss(Tensor, long[], long[], CtcOptions)} with the mean of the losses divided by the targets'
     * lengths and class 0 as the blank.
     */
    default Tensor ctcLoss(Tensor targets, long[] inputLengths, long[] targetLengths) {
        return ctcLoss(targets, inputLengths, targetLengths, CtcOptions.DEFAULT);
    }

    /**
     * Computes the connectionist temporal classification loss of unaligned sequences of labels (Graves and others
     * 2006); {@code torch.nn.functional.ctc_loss}. This tensor holds logarithms of probabilities of the classes,
     * float32 or float64: [T, N, C], or [T, C] of one sequence. Its gradient supposes that they come from a
     * log-softmax, and cannot be differentiated.
     *
     * @param targets the labels: [N, longest], or one sequence behind the other in one dimension
     * @param inputLengths how many inputs of each sequence count, at most T
     * @param targetLengths how many labels each has
     */
    default Tensor ctcLoss(Tensor targets, long[] inputLengths, long[] targetLengths, CtcOptions options) {
        Arguments.notNull("ctc_loss", "targets", targets);
        Arguments.notNull("ctc_loss", "input_lengths", inputLengths);
        Arguments.notNull("ctc_loss", "target_lengths", targetLengths);
        Arguments.notNull("ctc_loss", "options", options);
        return end(
                start("ctc_loss", this, targets),
                CtcOps.loss(AutocastMode.singleOnCpu((Tensor) this), targets, inputLengths, targetLengths, options));
    }

    /** Works as {@link #ctcLoss(Tensor, long[], long[], CtcOptions)} with lengths in tensors of integers. */
    default Tensor ctcLoss(Tensor targets, Tensor inputLengths, Tensor targetLengths, CtcOptions options) {
        Arguments.notNull("ctc_loss", "targets", targets);
        Arguments.notNull("ctc_loss", "input_lengths", inputLengths);
        Arguments.notNull("ctc_loss", "target_lengths", targetLengths);
        Arguments.notNull("ctc_loss", "options", options);
        return end(
                start("ctc_loss", this, targets, inputLengths, targetLengths),
                CtcOps.loss(AutocastMode.singleOnCpu((Tensor) this), targets, inputLengths, targetLengths, options));
    }
}
