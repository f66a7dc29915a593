package dev.cotangent.nn;

import dev.cotangent.LossReduction;
import dev.cotangent.Tensor;

/** Computes the logistic loss of targets 1 and -1; PyTorch's {@code nn.SoftMarginLoss}. */
public final class SoftMarginLoss extends Module {
    private final LossReduction reduction;

    /** Creates a loss that returns the mean. */
    public SoftMarginLoss() {
        this(LossReduction.MEAN);
    }

    /** Creates a loss with a reduction. */
    public SoftMarginLoss(LossReduction reduction) {
        this.reduction = reduction;
    }

    @Override
    public Tensor forward(Tensor input, Tensor target) {
        return input.softMarginLoss(target, reduction.text());
    }
}
