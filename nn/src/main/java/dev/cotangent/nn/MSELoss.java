package dev.cotangent.nn;

import dev.cotangent.LossReduction;
import dev.cotangent.Tensor;

/** Computes squared differences; PyTorch's {@code nn.MSELoss}. */
public final class MSELoss extends Module {
    private final LossReduction reduction;

    /** Creates a loss that returns the mean. */
    public MSELoss() {
        this(LossReduction.MEAN);
    }

    /** Creates a loss with a reduction. */
    public MSELoss(LossReduction reduction) {
        this.reduction = reduction;
    }

    @Override
    public Tensor forward(Tensor input, Tensor target) {
        return input.mseLoss(target, reduction.text());
    }
}
