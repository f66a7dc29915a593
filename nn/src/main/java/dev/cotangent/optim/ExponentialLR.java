package dev.cotangent.optim;

/** Multiplies the rates by gamma every epoch; PyTorch's {@code lr_scheduler.ExponentialLR}. */
public final class ExponentialLR extends LRScheduler {
    private final double gamma;

    /** Creates a scheduler. */
    public ExponentialLR(Optimizer optimizer, double gamma) {
        this.gamma = gamma;
        super(optimizer);
    }

    @Override
    protected double[] getLr() {
        return isInitial() || lastEpoch() == 0 ? lrs() : scaled(lrs(), gamma);
    }

    @Override
    protected double[] getClosedFormLr() {
        return scaled(baseLrs(), Math.pow(gamma, lastEpoch()));
    }
}
