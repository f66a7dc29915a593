package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Computes absolute differences; PyTorch's {@code nn.L1Loss}. */
public final class L1Loss extends Module {
    private final Reduction reduction;

    /** Creates a loss that returns the mean. */
    public L1Loss() {
        this(Reduction.MEAN);
    }

    /** Creates a loss with a reduction. */
    public L1Loss(Reduction reduction) {
        this.reduction = reduction;
    }

    @Override
    public Tensor forward(Tensor input, Tensor target) {
        return input.l1Loss(target, reduction.text());
    }
}
