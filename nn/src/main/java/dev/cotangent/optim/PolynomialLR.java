package dev.cotangent.optim;

/** Lets the rates fall to 0 by a power of the epochs left; PyTorch's {@code lr_scheduler.PolynomialLR}. */
public final class PolynomialLR extends LRScheduler {
    private static final int TOTAL_ITERS = 5;

    private final int totalIters;
    private final double power;

    /** Creates a scheduler of 5 epochs and power 1. */
    public PolynomialLR(Optimizer optimizer) {
        this(optimizer, TOTAL_ITERS, 1);
    }

    /** Creates a scheduler. */
    public PolynomialLR(Optimizer optimizer, int totalIters, double power) {
        this.totalIters = totalIters;
        this.power = power;
        super(optimizer);
    }

    @Override
    protected double[] getLr() {
        if (isInitial() || lastEpoch() > totalIters) return lrs();
        double left = 1 - (double) lastEpoch() / totalIters;
        double before = 1 - (double) (lastEpoch() - 1) / totalIters;
        return scaled(lrs(), Math.pow(left / before, power));
    }

    @Override
    protected double[] getClosedFormLr() {
        return scaled(baseLrs(), Math.pow(1 - (double) Math.min(totalIters, lastEpoch()) / totalIters, power));
    }
}
