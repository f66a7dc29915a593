package dev.cotangent.nn;

import dev.cotangent.LossReduction;
import dev.cotangent.Tensor;

/** Computes absolute differences; PyTorch's {@code nn.L1Loss}. */
public final class L1Loss extends Module {
    private final LossReduction reduction;

    /** Creates a loss that returns the mean. */
    public L1Loss() {
        this(LossReduction.MEAN);
    }

    /** Creates a loss with a reduction. */
    public L1Loss(LossReduction reduction) {
        this.reduction = reduction;
    }

    @Override
    public Tensor forward(Tensor input, Tensor target) {
        return input.l1Loss(target, reduction.text());
    }
}
