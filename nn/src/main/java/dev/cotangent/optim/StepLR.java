package dev.cotangent.optim;

/** Multiplies the rates by gamma every {@code stepSize} epochs; PyTorch's {@code lr_scheduler.StepLR}. */
public final class StepLR extends LRScheduler {
    private static final double GAMMA = 0.1;

    private final int stepSize;
    private final double gamma;

    /** Creates a scheduler with a gamma of 0.1. */
    public StepLR(Optimizer optimizer, int stepSize) {
        this(optimizer, stepSize, GAMMA);
    }

    /** Creates a scheduler. */
    public StepLR(Optimizer optimizer, int stepSize, double gamma) {
        this.stepSize = stepSize;
        this.gamma = gamma;
        super(optimizer);
    }

    @Override
    protected double[] getLr() {
        boolean now = lastEpoch() != 0 && lastEpoch() % stepSize == 0;
        return now ? scaled(lrs(), gamma) : lrs();
    }

    @Override
    protected double[] getClosedFormLr() {
        return scaled(baseLrs(), Math.pow(gamma, Math.floorDiv(lastEpoch(), stepSize)));
    }
}
