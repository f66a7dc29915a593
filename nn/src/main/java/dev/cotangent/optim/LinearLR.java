package dev.cotangent.optim;

import dev.cotangent.ValueException;

/** Multiplies the rates by a factor that changes evenly until an epoch; PyTorch's {@code lr_scheduler.LinearLR}. */
public final class LinearLR extends LRScheduler {
    private static final double START = 1.0 / 3;
    private static final int TOTAL_ITERS = 5;

    private final double startFactor;
    private final double endFactor;
    private final int totalIters;

    /** Creates a scheduler that warms up from 1/3 to 1 in 5 epochs. */
    public LinearLR(Optimizer optimizer) {
        this(optimizer, START, 1, TOTAL_ITERS);
    }

    /** Creates a scheduler. */
    public LinearLR(Optimizer optimizer, double startFactor, double endFactor, int totalIters) {
        if (!(startFactor > 0 && startFactor <= 1)) {
            throw new ValueException(
                    "Starting multiplicative factor expected to be greater than 0 and less or equal to 1.");
        }
        if (!(endFactor >= 0 && endFactor <= 1)) {
            throw new ValueException("Ending multiplicative factor expected to be between 0 and 1.");
        }
        this.startFactor = startFactor;
        this.endFactor = endFactor;
        this.totalIters = totalIters;
        super(optimizer);
    }

    @Override
    protected double[] getLr() {
        if (lastEpoch() == 0) return scaled(lrs(), startFactor);
        if (isInitial() || lastEpoch() > totalIters) return lrs();
        double change = endFactor - startFactor;
        return scaled(lrs(), 1 + change / (totalIters * startFactor + (lastEpoch() - 1) * change));
    }

    @Override
    protected double[] getClosedFormLr() {
        return scaled(
                baseLrs(), startFactor + (endFactor - startFactor) * Math.min(totalIters, lastEpoch()) / totalIters);
    }
}
