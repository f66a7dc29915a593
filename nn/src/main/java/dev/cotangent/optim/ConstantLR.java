package dev.cotangent.optim;

import dev.cotangent.ValueException;

/** Multiplies the rates by a factor until an epoch; PyTorch's {@code lr_scheduler.ConstantLR}. */
public final class ConstantLR extends LRScheduler {
    private static final double FACTOR = 1.0 / 3;
    private static final int TOTAL_ITERS = 5;

    private final double factor;
    private final int totalIters;

    /** Creates a scheduler with a factor of 1/3 for 5 epochs. */
    public ConstantLR(Optimizer optimizer) {
        this(optimizer, FACTOR, TOTAL_ITERS);
    }

    /** Creates a scheduler. */
    public ConstantLR(Optimizer optimizer, double factor, int totalIters) {
        if (!(factor >= 0 && factor <= 1)) {
            throw new ValueException("Constant multiplicative factor expected to be between 0 and 1.");
        }
        this.factor = factor;
        this.totalIters = totalIters;
        super(optimizer);
    }

    @Override
    protected double[] getLr() {
        if (lastEpoch() == 0) return scaled(lrs(), factor);
        return lastEpoch() == totalIters ? scaled(lrs(), 1 / factor) : lrs();
    }

    @Override
    protected double[] getClosedFormLr() {
        return scaled(baseLrs(), factor + (lastEpoch() >= totalIters ? 1 - factor : 0));
    }
}
