package dev.cotangent.nn;

import dev.cotangent.LossReduction;
import dev.cotangent.Tensor;

/** Computes the margin loss of several classes for each sample; PyTorch's {@code nn.MultiLabelMarginLoss}. */
public final class MultiLabelMarginLoss extends Module {
    private final LossReduction reduction;

    /** Creates a loss that returns the mean. */
    public MultiLabelMarginLoss() {
        this(LossReduction.MEAN);
    }

    /** Creates a loss with a reduction. */
    public MultiLabelMarginLoss(LossReduction reduction) {
        this.reduction = reduction;
    }

    @Override
    public Tensor forward(Tensor input, Tensor target) {
        return input.multilabelMarginLoss(target, reduction.text());
    }
}
